import { expect, test } from "vitest";
import { compare, givenKey } from "../plugin/compare.ts";
import { maskOf } from "../plugin/mask.ts";
import { checkProperties } from "../plugin/validate.ts";
import { UNKNOWN } from "../plugin/values.ts";
import { ruleset } from "./ruleset.ts";

const cacheRule = {
  ref: "static",
  action: "set_cache_settings",
  expression: 'starts_with(http.request.uri.path, "/static/")',
  actionParameters: { cache: true, edgeTtl: { mode: "override_origin", default: 86_400 } },
};
const rateRule = {
  ref: "sign-in",
  action: "block",
  expression: 'http.request.uri.path eq "/sign-in"',
  ratelimit: { characteristics: ["ip.src", "cf.colo.id"], period: 10, requestsPerPeriod: 5, mitigationTimeout: 10 },
};
const caching = { zoneId: "z", name: "cache", kind: "zone", phase: "http_request_cache_settings", rules: [cacheRule] };
const limiting = { ...caching, phase: "http_ratelimit", rules: [rateRule] };

test.each([
  ["cache rules", caching],
  ["a rate rule", limiting],
  ["a zone that is not known yet", { ...caching, zoneId: UNKNOWN }],
  ["a rule that is not known yet", { ...caching, rules: [{ ...cacheRule, expression: UNKNOWN }] }],
  ["a phase that is not known yet", { ...caching, phase: UNKNOWN }],
])("%s pass", (_, inputs) => {
  expect([...checkProperties(ruleset.inputs, inputs), ...ruleset.check(inputs)]).toEqual([]);
});

test.each<[string, Record<string, unknown>, string]>([
  ["an account's", { ...caching, accountId: "a" }, "accountId"],
  ["nobody's", { ...caching, zoneId: undefined }, "zoneId"],
  ["a kind of accounts", { ...caching, kind: "root" }, "kind"],
  [
    "a minute's rate",
    { ...limiting, rules: [{ ...rateRule, ratelimit: { ...rateRule.ratelimit, mitigationTimeout: 60 } }] },
    "rules[0].ratelimit.mitigationTimeout",
  ],
  [
    "an hour at the edge",
    { ...caching, rules: [{ ...cacheRule, actionParameters: { edgeTtl: { mode: "override_origin", default: 60 } } }] },
    "rules[0].actionParameters.edgeTtl.default",
  ],
])("%s is refused at the property", (_, inputs, property) => {
  expect(ruleset.check(inputs).map((fault) => fault.property)).toEqual([property]);
});

test("parameters that are not played are refused by name", () => {
  const rules = [{ ...cacheRule, actionParameters: { cache: true, mirage: true } }];
  const faults = checkProperties(ruleset.inputs, { ...caching, rules });
  expect(faults.map(({ property }) => property)).toEqual(["rules[0].actionParameters.mirage"]);
});

test("another zone, kind or phase makes another ruleset", () => {
  const replacing = Object.entries(ruleset.inputs).filter(([, { replaces }]) => replaces === true);
  expect(replacing.map(([name]) => name)).toEqual(["accountId", "kind", "phase", "zoneId"]);
});

test("what Cloudflare fills in is no change, and another time is one", () => {
  const filled = { ...cacheRule, id: "1", description: "", enabled: true };
  const outputs = { ...caching, description: "", version: "1", rules: [filled], [givenKey]: maskOf(caching) };
  expect(compare(ruleset, outputs, caching).changed).toEqual([]);
  const rules = [{ ...cacheRule, actionParameters: { ...cacheRule.actionParameters, cache: false } }];
  expect(compare(ruleset, outputs, { ...caching, rules })).toEqual({ changed: ["rules"], replacing: [] });
});
