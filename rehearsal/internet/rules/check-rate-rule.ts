import type { RuleFaults } from "./check.ts";
import type { RateLimit, RuleRequest } from "./ruleset.ts";

/** Rate limiting rules of a zone on the Free plan (developers.cloudflare.com/waf/rate-limiting-rules, "Availability"). */
export const mostRateRules = 1;

/** Seconds that the Free plan counts over, and that it blocks for. */
const onlyPeriod = 10;
const characteristics = ["cf.colo.id", "ip.src"];

const absent: Readonly<Record<string, string>> = {
  counting_expression: "not entitled to use a custom counting expression on the Free plan.",
  score_per_period: "not entitled to count by scores on the Free plan.",
  score_response_header_name: "not entitled to count by scores on the Free plan.",
};

/** What Cloudflare does not take in a rate limiting rule (…/waf/rate-limiting-rules/parameters), in its words for Free. */
export function checkRateRule({ action_parameters: parameters, ratelimit }: RuleRequest, refuse: RuleFaults): void {
  if (Object.values(parameters ?? {}).some((value) => value !== undefined && value !== null)) {
    refuse("action_parameters", "not entitled to a response of one's own on the Free plan.");
  }
  if (ratelimit === undefined) {
    refuse("ratelimit", "is required for rules of the phase http_ratelimit.");
    return;
  }
  for (const [name, message] of Object.entries(absent)) {
    if (ratelimit[name] !== undefined) refuse(`ratelimit.${name}`, message);
  }
  if (ratelimit.requests_to_origin === true) {
    refuse("ratelimit.requests_to_origin", "the rehearsal counts every request, those that the cache answers too.");
  }
  checkCharacteristics(ratelimit, refuse);
  checkNumbers(ratelimit, refuse);
}

function checkCharacteristics(ratelimit: RateLimit, refuse: RuleFaults): void {
  const given = ratelimit.characteristics;
  if ([...given].sort().join() === characteristics.join()) return;
  const wanted = characteristics.join(" and ");
  const message = given.includes("cf.colo.id")
    ? `not entitled to count by ${given.join(", ")}: the Free plan counts by ${wanted}.`
    : `must include cf.colo.id: the Free plan counts by ${wanted}.`;
  refuse("ratelimit.characteristics", message);
}

function checkNumbers(ratelimit: RateLimit, refuse: RuleFaults): void {
  const { period, mitigation_timeout: timeout, requests_per_period: requests } = ratelimit;
  if (period !== onlyPeriod) {
    const message = `not entitled to use the period ${String(period)}, can only use a period among [${String(onlyPeriod)}].`;
    refuse("ratelimit.period", message);
  }
  if (timeout !== onlyPeriod) {
    const message = `not entitled to use a mitigation timeout different from ${String(onlyPeriod)}.`;
    refuse("ratelimit.mitigation_timeout", message);
  }
  if (requests === undefined || !Number.isInteger(requests) || requests < 1 || requests > 1_000_000) {
    refuse("ratelimit.requests_per_period", "must be a whole number from 1 to 1000000.");
  }
}
