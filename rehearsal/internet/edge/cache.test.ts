import { expect, test } from "vitest";
import { rulesetOf, zoneWith } from "../testing.ts";
import type { RuleRequest } from "../rules/ruleset.ts";
import type { Zone } from "../zone.ts";
import { cachedHeaders, keptSeconds } from "./cache-answer.ts";
import { planCaching, type CachePlan } from "./cache-plan.ts";
import { openCache } from "./cache.ts";

interface Asked {
  readonly path?: string;
  readonly query?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly rules?: readonly Pick<RuleRequest, "expression" | "action_parameters">[];
  readonly settings?: Readonly<Record<string, unknown>>;
}

function zoneOf({ rules = [], settings = {} }: Asked): Zone {
  const whole = rules.map((rule) => ({ action: "set_cache_settings", ...rule }));
  return { ...zoneWith([], settings), rulesets: [rulesetOf("http_request_cache_settings", whole)] };
}

function plan(asked: Asked): CachePlan {
  const { path = "/app.css", query = "", method = "GET", headers = {} } = asked;
  return planCaching(zoneOf(asked), { method, host: "www.example.com", path, query, ssl: true }, headers);
}

const everything = { expression: "true", action_parameters: { cache: true } };

test.each<[string, Asked, string]>([
  ["a page", { path: "/" }, "DYNAMIC"],
  ["a form", { method: "POST" }, "DYNAMIC"],
  ["what a rule excludes", { rules: [{ expression: "ssl", action_parameters: { cache: false } }] }, "BYPASS"],
  ["a part of a file", { headers: { range: "bytes=0-1" } }, "BYPASS"],
  ["what only some may see", { headers: { authorization: "Basic x" } }, "BYPASS"],
  ["anything in development mode", { settings: { development_mode: "on" } }, "BYPASS"],
  ["a query at the basic level", { query: "v=1", settings: { cache_level: "basic" } }, "DYNAMIC"],
])("%s does not come from the cache", (_, asked, status) => {
  expect(plan(asked)).toEqual({ kind: "pass", status });
});

test.each<[string, Asked]>([
  ["a file by its extension", { path: "/a/LOGO.SVG" }],
  ["a file with a query", { query: "v=1" }],
  ["a page that a rule names", { path: "/", rules: [everything] }],
  [
    "what a later rule lets in again",
    { rules: [{ expression: "ssl", action_parameters: { cache: false } }, everything] },
  ],
])("%s may stay in the cache", (_, asked) => {
  expect(plan(asked).kind).toBe("keep");
});

const keyOf = (asked: Asked): unknown => {
  const made = plan(asked);
  return made.kind === "keep" ? made.key : undefined;
};

test("answers are told apart by their address and encoding", () => {
  expect(keyOf({ query: "v=1" })).not.toBe(keyOf({ query: "v=2" }));
  expect(keyOf({ query: "v=1", settings: { cache_level: "simplified" } })).toBe(keyOf({}));
  expect(keyOf({ headers: { "accept-encoding": "gzip, deflate, br;q=0" } })).toBe(
    keyOf({ headers: { "accept-encoding": "gzip" } }),
  );
  expect(keyOf({ headers: { "accept-encoding": "br, gzip" } })).not.toBe(keyOf({}));
});

const keep = (edge?: { mode: string; default?: number }): CachePlan => ({
  ...{ kind: "keep", key: "", encoding: "identity", browser: undefined },
  edge,
});

test.each<[string, CachePlan, number, Record<string, string | string[]>, number]>([
  ["as the origin says", keep(), 200, { "cache-control": "public, max-age=60" }, 60],
  ["as the origin says to caches", keep(), 200, { "cache-control": "max-age=60, s-maxage=90" }, 90],
  ["two hours where it says nothing", keep(), 200, {}, 7200],
  ["three minutes where there is nothing", keep(), 404, {}, 180],
  ["not where it says nothing, by a rule", keep({ mode: "bypass_by_default" }), 200, {}, 0],
  ["not for one visitor only", keep(), 200, { "cache-control": "private, max-age=60" }, 0],
  ["not with a cookie", keep(), 200, { "set-cookie": ["a=b"], "cache-control": "max-age=60" }, 0],
  ["not when it has expired", keep(), 200, { expires: "0" }, 0],
  ["not an error", keep(), 503, {}, 0],
  [
    "as a rule says, whatever the origin does",
    keep({ mode: "override_origin", default: 9000 }),
    200,
    { "cache-control": "no-store" },
    9000,
  ],
  ["not an error whatever the rule says", keep({ mode: "override_origin", default: 9000 }), 500, {}, 0],
])("an answer is kept %s", (...[, made, status, headers, seconds]) => {
  expect(keptSeconds(made, { status, headers })).toBe(seconds);
});

test.each<[string, { mode: string; default?: number } | undefined, string, string]>([
  ["the rule's time", { mode: "override_origin", default: 300 }, "max-age=60", "max-age=300"],
  ["nothing", { mode: "bypass" }, "max-age=60", "no-store"],
  ["the origin's time", { mode: "respect_origin" }, "max-age=60", "max-age=60"],
  ["the zone's time where the origin's is shorter", undefined, "public, max-age=60", "public, max-age=14400"],
  [
    "the origin's time where it is longer",
    undefined,
    "public, max-age=31536000, immutable",
    "public, max-age=31536000, immutable",
  ],
])("browsers keep %s", (...[, browser, given, told]) => {
  const headers = cachedHeaders(zoneWith([]), { edge: undefined, browser }, { "cache-control": given });
  expect(headers["cache-control"]).toBe(told);
});

test("a kept answer gives nobody another one's cookie", () => {
  const edge = { mode: "override_origin", default: 9000 };
  expect(cachedHeaders(zoneWith([]), { edge, browser: undefined }, { "set-cookie": ["a=b"] })).not.toHaveProperty(
    "set-cookie",
  );
});

test("the oldest answers go when there is no more room", () => {
  const cache = openCache(10);
  const answer = (bytes: number) => ({ status: 200, headers: {}, body: Buffer.alloc(bytes), since: 0, until: 1 });
  cache.keep("a", answer(4));
  cache.keep("b", answer(4));
  cache.keep("c", answer(4));
  cache.keep("d", answer(11));
  expect(["a", "b", "c", "d"].map((key) => cache.find(key) !== undefined)).toEqual([false, true, true, false]);
});
