import { expect, test } from "vitest";
import { checkRuleset } from "./check.ts";
import type { RuleRequest, RulesetRequest } from "./ruleset.ts";

const cacheRule: RuleRequest = {
  ref: "static",
  action: "set_cache_settings",
  expression: 'starts_with(http.request.uri.path, "/static/")',
  action_parameters: { cache: true, edge_ttl: { mode: "override_origin", default: 86_400 } },
};
const rateRule: RuleRequest = {
  ref: "sign-in",
  action: "block",
  expression: 'http.request.uri.path eq "/sign-in"',
  ratelimit: {
    characteristics: ["ip.src", "cf.colo.id"],
    period: 10,
    requests_per_period: 5,
    mitigation_timeout: 10,
  },
};
const caching = (...rules: RuleRequest[]): RulesetRequest => ({
  name: "cache",
  kind: "zone",
  phase: "http_request_cache_settings",
  rules,
});
const limiting = (...rules: RuleRequest[]): RulesetRequest => ({ ...caching(...rules), phase: "http_ratelimit" });

const withCache = (parameters: NonNullable<RuleRequest["action_parameters"]>): RulesetRequest =>
  caching({ ...cacheRule, action_parameters: parameters });
const withRate = (ratelimit: object): RulesetRequest => {
  const changed = { ...rateRule.ratelimit, ...ratelimit } as NonNullable<RuleRequest["ratelimit"]>;
  return limiting({ ...rateRule, ratelimit: changed });
};

test.each([
  ["a cache rule", caching(cacheRule)],
  ["a rule that bypasses", withCache({ cache: false })],
  ["no rules", caching()],
  ["what the origin says", withCache({ browser_ttl: { mode: "respect_origin" } })],
  ["a rate rule", limiting(rateRule)],
])("%s may be", (_, request) => {
  expect(checkRuleset(request)).toEqual([]);
});

test.each<[string, RulesetRequest, string, string]>([
  ["another phase", { ...caching(), phase: "http_request_origin" }, "phase", "does not play rules of the phase"],
  ["another kind", { ...caching(), kind: "root" }, "kind", "must be zone"],
  ["no name", { ...caching(), name: " " }, "name", "must not be empty"],
  [
    "eleven rules",
    caching(...Array.from({ length: 11 }, (_, at) => ({ ...cacheRule, ref: String(at) }))),
    "rules",
    "10",
  ],
  ["the same reference twice", caching(cacheRule, cacheRule), "rules[1].ref", "another rule has"],
  ["another action", caching({ ...cacheRule, action: "block" }), "rules[0].action", "must be set_cache_settings"],
  ["nothing to set", withCache({}), "rules[0].action_parameters", "must set something"],
  ["a cache key", withCache({ cache_key: {} }), "rules[0].action_parameters.cache_key", "does not play it"],
  [
    "too short a time at the edge",
    withCache({ edge_ttl: { mode: "override_origin", default: 3600 } }),
    "rules[0].action_parameters.edge_ttl.default",
    "not entitled to use 3600 seconds: the Free plan has 7200 to",
  ],
  [
    "no time at the edge",
    withCache({ edge_ttl: { mode: "override_origin" } }),
    "rules[0].action_parameters.edge_ttl.default",
    "must be given",
  ],
  [
    "the edge's mode in the browser",
    withCache({ browser_ttl: { mode: "bypass_by_default" } }),
    "rules[0].action_parameters.browser_ttl.mode",
    "respect_origin, bypass, override_origin",
  ],
  ["logging", caching({ ...cacheRule, logging: { enabled: true } }), "rules[0].logging", "not available"],
  [
    "a regular expression",
    caching({ ...cacheRule, expression: 'http.request.uri.path matches "x"' }),
    "rules[0].expression",
    "Business plan",
  ],
  ["two rate rules", limiting(rateRule, { ...rateRule, ref: "b" }), "rules", "the Free plan has 1"],
  [
    "a rate rule by method",
    limiting({ ...rateRule, expression: 'http.request.method eq "POST"' }),
    "rules[0].expression",
    "not entitled to use the field http.request.method",
  ],
  ["a minute", withRate({ period: 60 }), "rules[0].ratelimit.period", "can only use a period among [10]"],
  ["an hour", withRate({ mitigation_timeout: 3600 }), "rules[0].ratelimit.mitigation_timeout", "different from 10"],
  ["no threshold", withRate({ requests_per_period: undefined }), "rules[0].ratelimit.requests_per_period", "1 to"],
  ["no place", withRate({ characteristics: ["ip.src"] }), "rules[0].ratelimit.characteristics", "include cf.colo.id"],
  ["own counting", withRate({ counting_expression: "ssl" }), "rules[0].ratelimit.counting_expression", "not entitled"],
  [
    "a response of one's own",
    limiting({ ...rateRule, action_parameters: { response: { status_code: 429 } } }),
    "rules[0].action_parameters",
    "not entitled to a response",
  ],
])("%s is refused at its property", (...[, request, property, message]) => {
  const faults = checkRuleset(request);
  expect(faults.map((fault) => fault.property)).toEqual([property]);
  expect(faults[0]?.message).toContain(message);
});

test("a rate rule without a rate is refused", () => {
  const { ratelimit: _, ...rest } = rateRule;
  expect(checkRuleset(limiting(rest))).toMatchObject([{ property: "rules[0].ratelimit" }]);
});
