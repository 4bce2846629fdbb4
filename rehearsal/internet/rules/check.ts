import { checkCacheRule, mostCacheRules } from "./check-cache-rule.ts";
import { checkRateRule, mostRateRules } from "./check-rate-rule.ts";
import { parseExpression } from "./expression.ts";
import { cachePhase, rateLimitPhase, type RuleRequest, type RulesetRequest } from "./ruleset.ts";
import { ExpressionError } from "./tokens.ts";

/** What is wrong with a ruleset, as Cloudflare's API says it. */
export interface RulesetFault {
  /** Path as the API has it: `rules[0].ratelimit.period`. Empty for the ruleset itself. */
  readonly property: string;
  readonly message: string;
}

/** What is wrong with a rule, by its path within the rule. */
export type RuleFaults = (property: string, message: string) => void;

interface Phase {
  readonly most: number;
  readonly action: string;
  readonly check: (rule: RuleRequest, refuse: RuleFaults) => void;
  /** Fields that the Free plan has in the phase's expressions; all when it is left out. */
  readonly fields?: readonly string[];
}

const phases: Readonly<Record<string, Phase>> = {
  [cachePhase]: { most: mostCacheRules, action: "set_cache_settings", check: checkCacheRule },
  // developers.cloudflare.com/waf/rate-limiting-rules, "Availability": path and verified bots on Free.
  [rateLimitPhase]: {
    most: mostRateRules,
    action: "block",
    check: checkRateRule,
    fields: ["http.request.uri.path", "http.request.uri.path.extension"],
  },
};

/** Everything that Cloudflare's API refuses about a zone's ruleset by itself, on a zone of the Free plan. */
export function checkRuleset(request: RulesetRequest): RulesetFault[] {
  const faults: RulesetFault[] = [];
  const phase = phases[request.phase];
  if (request.kind !== "zone") {
    const message = `"${request.kind}" is no kind of a zone's own ruleset on the Free plan: it must be zone.`;
    faults.push({ property: "kind", message });
  }
  if (phase === undefined) {
    const known = Object.keys(phases).join(", ");
    const message = `The rehearsal does not play rules of the phase ${request.phase}; it has ${known}.`;
    return [...faults, { property: "phase", message }];
  }
  if (request.name.trim() === "") faults.push({ property: "name", message: "name must not be empty." });
  const rules = request.rules ?? [];
  if (rules.length > phase.most) {
    const counted = `${String(rules.length)} rules in the phase ${request.phase}`;
    const message = `exceeded maximum number of rules: ${counted}, and the Free plan has ${String(phase.most)}.`;
    faults.push({ property: "rules", message });
  }
  rules.forEach((rule, at) => {
    checkRule(phase, rule, (property, message) => {
      faults.push({ property: [`rules[${String(at)}]`, property].filter(Boolean).join("."), message });
    });
  });
  return [...faults, ...sameRefs(rules)];
}

function checkRule(phase: Phase, rule: RuleRequest, refuse: RuleFaults): void {
  if (rule.action !== phase.action) {
    refuse("action", `'${rule.action}' is not a valid value for action in this phase: it must be ${phase.action}.`);
  }
  if (rule.exposed_credential_check !== undefined) {
    refuse("exposed_credential_check", "is not available in this phase.");
  }
  if (rule.logging !== undefined) refuse("logging", "is not available for the actions of this phase.");
  if ((rule.description ?? "").length > 500) refuse("description", "must have at most 500 characters.");
  checkExpression(phase, rule.expression, refuse);
  phase.check(rule, refuse);
}

function checkExpression(phase: Phase, expression: string, refuse: RuleFaults): void {
  if (expression.length > 4096) refuse("expression", "must have at most 4096 characters.");
  try {
    const { fields } = parseExpression(expression);
    for (const field of fields) {
      if (phase.fields === undefined || phase.fields.includes(field)) continue;
      const available = phase.fields[0] ?? "";
      refuse("expression", `not entitled to use the field ${field}: on the Free plan this phase has ${available}.`);
    }
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    refuse("expression", `could not be parsed: ${error.message}.`);
  }
}

/** A rule keeps its identity over changes by its reference. */
function sameRefs(rules: readonly RuleRequest[]): RulesetFault[] {
  const refs = rules.map(({ ref }) => ref);
  return rules.flatMap(({ ref }, at) =>
    ref !== undefined && refs.indexOf(ref) < at
      ? [{ property: `rules[${String(at)}].ref`, message: `another rule has the reference ${ref} already.` }]
      : [],
  );
}
