import type { RulesetArgs, types } from "@pulumi/cloudflare";
import { anything, boolean, integer, text, type TableFor } from "./table.ts";

const lifetime = {
  mode: { shape: text, required: true },
  default: { shape: integer },
} as const;

type Parameters = types.input.RulesetRuleActionParameters;

/** The parameters of actions that the rehearsal plays; every other one is refused by its name. */
const actionParameters = {
  cache: { shape: boolean },
  edgeTtl: {
    shape: { type: "object", properties: lifetime satisfies Partial<TableFor<NonNullable<EdgeTtl>>> },
  },
  browserTtl: {
    shape: { type: "object", properties: lifetime satisfies TableFor<NonNullable<BrowserTtl>> },
  },
  respectStrongEtags: { shape: boolean },
  originErrorPagePassthru: { shape: boolean },
} as const satisfies Partial<Record<keyof Parameters, unknown>>;

type EdgeTtl = types.input.RulesetRuleActionParametersEdgeTtl;
type BrowserTtl = types.input.RulesetRuleActionParametersBrowserTtl;

const ratelimit = {
  characteristics: { shape: { type: "array", items: text }, required: true },
  countingExpression: { shape: text },
  mitigationTimeout: { shape: integer },
  period: { shape: integer, required: true },
  requestsPerPeriod: { shape: integer },
  requestsToOrigin: { shape: boolean, computed: true },
  scorePerPeriod: { shape: integer },
  scoreResponseHeaderName: { shape: text },
} as const satisfies TableFor<types.input.RulesetRuleRatelimit>;

const rule = {
  action: { shape: text, required: true },
  actionParameters: { shape: { type: "object", properties: actionParameters } },
  description: { shape: text, computed: true },
  enabled: { shape: boolean, computed: true },
  exposedCredentialCheck: { shape: anything },
  expression: { shape: text, required: true },
  id: { shape: text, computed: true },
  logging: { shape: anything, computed: true },
  ratelimit: { shape: { type: "object", properties: ratelimit } },
  ref: { shape: text, computed: true },
} as const satisfies Record<keyof types.input.RulesetRule, unknown>;

/** Arguments of a Ruleset. Whose it is, its kind and its phase replace it: the API changes none of them. */
export const rulesetInputs = {
  accountId: { shape: text, replaces: true },
  description: { shape: text, computed: true },
  kind: { shape: text, required: true, replaces: true },
  name: { shape: text, required: true },
  phase: { shape: text, required: true, replaces: true },
  rules: { shape: { type: "array", items: { type: "object", properties: rule } } },
  zoneId: { shape: text, replaces: true },
} as const satisfies TableFor<Omit<RulesetArgs, "rules">> & Record<"rules", unknown>;
