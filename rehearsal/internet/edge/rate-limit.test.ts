import { expect, test } from "vitest";
import { rulesetOf, zoneWith } from "../testing.ts";
import type { Zone } from "../zone.ts";
import { openLimiter, type Limiter } from "./rate-limit.ts";

const rule = {
  action: "block",
  expression: 'http.request.uri.path eq "/sign-in"',
  ratelimit: { characteristics: ["cf.colo.id", "ip.src"], period: 10, requests_per_period: 2, mitigation_timeout: 10 },
};
const zone: Zone = { ...zoneWith([]), rulesets: [rulesetOf("http_ratelimit", [rule])] };

/** Seconds until a visitor may come again, for requests at some seconds. */
function visits(
  limiter: Limiter,
  seconds: readonly number[],
  parts: { path?: string; visitor?: string; in?: Zone } = {},
): unknown[] {
  const { path = "/sign-in", visitor = "198.51.100.200", in: visited = zone } = parts;
  const facts = { method: "POST", host: "www.example.com", path, query: "", ssl: true };
  return seconds.map((second) => limiter.count(visited, { facts, visitor }, second * 1000));
}

test("a visitor who comes too often is blocked for the timeout, and then counted anew", () => {
  expect(visits(openLimiter(), [0, 1, 2, 3, 11.5, 12, 13, 14])).toEqual([
    undefined,
    undefined,
    10,
    9,
    1,
    undefined,
    undefined,
    10,
  ]);
});

test("a counter is over after its period", () => {
  expect(visits(openLimiter(), [0, 9, 10, 11])).toEqual([undefined, undefined, undefined, undefined]);
});

test("after a block the count begins anew, also within the period", () => {
  const ratelimit = { ...rule.ratelimit, period: 60 };
  const long: Zone = { ...zone, rulesets: [rulesetOf("http_ratelimit", [{ ...rule, ratelimit }])] };
  expect(visits(openLimiter(), [0, 0, 0, 10, 11, 12], { in: long })).toEqual([
    ...[undefined, undefined, 10],
    ...[undefined, undefined, 10],
  ]);
});

test("others, and other requests, are not counted", () => {
  const limiter = openLimiter();
  visits(limiter, [0, 0, 0]);
  expect(visits(limiter, [1], { visitor: "198.51.100.201" })).toEqual([undefined]);
  expect(visits(limiter, [1], { path: "/" })).toEqual([undefined]);
  expect(visits(limiter, [1])).toEqual([9]);
});

test("a rule that is switched off does nothing", () => {
  const [ruleset] = zone.rulesets;
  const rules = (ruleset?.rules ?? []).map((one) => ({ ...one, enabled: false }));
  const off: Zone = { ...zone, rulesets: [{ ...rulesetOf("http_ratelimit", []), rules }] };
  const limiter = openLimiter();
  const facts = { method: "POST", host: "a", path: "/sign-in", query: "", ssl: true };
  for (let at = 0; at < 5; at += 1) expect(limiter.count(off, { facts, visitor: "a" }, 0)).toBeUndefined();
});
