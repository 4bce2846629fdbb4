import { expect, test } from "vitest";
import { cacheRules, signInRules } from "../infra/dns/edge-rules.ts";
import { rename, snake } from "../rehearsal/cloudflare/letter-case.ts";
import { checkRuleset } from "../rehearsal/internet/rules/check.ts";
import { parseExpression } from "../rehearsal/internet/rules/expression.ts";
import type { RuleRequest } from "../rehearsal/internet/rules/ruleset.ts";

// The rules that the program makes, as the edge of the rehearsal reads them.
const asAsked = (rules: unknown): RuleRequest[] => rename(rules, snake) as RuleRequest[];
const caching = asAsked(cacheRules(["learn.example.com", "www.example.com"]));
const limiting = asAsked(signInRules(30));

/** Which of the rules a request meets, by their references. */
const met = (rules: readonly RuleRequest[], url: string): (string | undefined)[] => {
  const { hostname: host, pathname: path } = new URL(url);
  const facts = { method: "GET", host, path, query: "", ssl: true };
  return rules.filter(({ expression }) => parseExpression(expression).matches(facts)).map(({ ref }) => ref);
};

test("every plan of the vendor's takes the rules", () => {
  const list = { name: "default", kind: "zone" };
  expect(checkRuleset({ ...list, phase: "http_request_cache_settings", rules: caching })).toEqual([]);
  expect(checkRuleset({ ...list, phase: "http_ratelimit", rules: limiting })).toEqual([]);
});

test.each([
  ["https://learn.example.com/assets/styles.0123456789abcdef.css", ["landfall_static"]],
  ["https://learn.example.com/", ["landfall_private"]],
  ["https://www.example.com/exports/people.csv", ["landfall_private"]],
  ["https://www.example.com/assets", ["landfall_private"]],
  ["https://other.example.com/assets/styles.css", []],
])("%s meets %j of the cache rules", (url, references) => {
  expect(met(caching, url)).toEqual(references);
});

test.each([
  ["https://learn.example.com/sign-in", ["landfall_sign_in"]],
  ["https://learn.example.com/sign-in/help", []],
  ["https://learn.example.com/", []],
])("%s meets %j of the rate rules", (url, references) => {
  expect(met(limiting, url)).toEqual(references);
});
