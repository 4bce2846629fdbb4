import { type Plan, type PlannedResource } from "./plan.ts";
import type { Context, Level, Rule } from "./rule.ts";
import { NotTellable } from "./value.ts";
import { isExpired, matches, type Waiver } from "./waiver.ts";

/** What an environment's settings say of one rule. */
export interface RuleOptions {
  readonly level?: Level | undefined;
  /** Resources that the rule is not asked about: patterns of URNs. */
  readonly except?: readonly string[] | undefined;
  /** In place of what the rule allows by itself. */
  readonly allow?: readonly string[] | undefined;
}

/** What an environment's settings say of the rules. */
export interface PolicyOptions {
  readonly rules: Readonly<Partial<Record<string, RuleOptions>>>;
  readonly waivers: readonly Waiver[];
}

/** A resource that breaks a rule. */
export interface Violation {
  readonly urn: string;
  /** What is wrong: a sentence whose subject is the resource. */
  readonly message: string;
}

/** What became of a rule. */
export type Status = "passed" | "violated" | "not evaluated" | "not applicable" | "waived";

/** What became of a rule, and why. */
export interface Result {
  readonly rule: Rule;
  readonly level: Level;
  readonly status: Status;
  /** How many resources it was asked about. */
  readonly asked: number;
  readonly violations: readonly Violation[];
  readonly waived: readonly { readonly violation: Violation; readonly waiver: Waiver }[];
  /** Resources about which it cannot be told yet, each with the reason. */
  readonly open: readonly { readonly urn: string; readonly reason: string }[];
}

/** What rules are asked of. */
export interface Evaluation {
  readonly rules: readonly Rule[];
  readonly plan: Plan;
  readonly options: PolicyOptions;
  /** The day, `2026-11-21`. */
  readonly today: string;
}

/** Asks every rule about a plan. The results are in the order of the rules. */
export function evaluate({ rules, plan, options, today }: Evaluation): Result[] {
  return rules.map((rule) => {
    const own = options.rules[rule.id];
    const context = contextOf(rule, { plan, options, today });
    const answers = plan.resources
      .filter((resource) => !isExcepted(own, resource))
      .flatMap((resource) => {
        const answer = ask(rule, resource, context);
        return answer === undefined ? [] : [{ urn: resource.urn, ...answer }];
      });
    const all = answers.flatMap(({ urn, messages }) => messages.map((message) => ({ urn, message })));
    const open = answers.flatMap(({ urn, open }) => open.map(({ message }) => ({ urn, reason: message })));
    const waived = all.flatMap((violation) => {
      const waiver = waiverOf(rule, violation.urn, { options, today });
      return waiver === undefined ? [] : [{ violation, waiver }];
    });
    const violations = all.filter((one) => !waived.some(({ violation }) => violation === one));
    const found = { asked: answers.length, violations, waived, open };
    return { rule, level: own?.level ?? rule.level, status: statusOf(found), ...found };
  });
}

/** What a rule finds about a resource. */
export interface Answer {
  readonly messages: readonly string[];
  /** The values that it needs and that cannot be told. */
  readonly open: readonly NotTellable[];
}

/** Asks one rule about one resource. @returns undefined when it is not about this one */
export function ask(rule: Rule, resource: PlannedResource, context: Context): Answer | undefined {
  const messages: string[] = [];
  const open: NotTellable[] = [];
  const noteIfOpen = (error: unknown): void => {
    if (!(error instanceof NotTellable)) throw error;
    if (!open.some(({ property }) => property === error.property)) open.push(error);
  };
  try {
    if (!rule.about(resource, context.plan)) return undefined;
  } catch (error) {
    noteIfOpen(error);
    return { messages, open };
  }
  for (const question of rule.check) {
    try {
      for (const message of question(resource, context)) messages.push(message);
    } catch (error) {
      noteIfOpen(error);
    }
  }
  return { messages, open };
}

/** What a rule may look at, by the settings of an environment. */
export function contextOf(rule: Rule, { plan, options, today }: Omit<Evaluation, "rules">): Context {
  return { plan, allow: options.rules[rule.id]?.allow ?? rule.allow?.usual ?? [], waivers: options.waivers, today };
}

/** Whether an environment's settings keep a rule away from a resource. */
export function isExcepted(options: RuleOptions | undefined, { urn }: PlannedResource): boolean {
  return (options?.except ?? []).some((pattern) => matches(urn, pattern));
}

/** The waiver by which a violation is meant; undefined without one that holds. */
export function waiverOf(
  rule: Rule,
  urn: string,
  { options, today }: Pick<Evaluation, "options" | "today">,
): Waiver | undefined {
  return options.waivers.find(
    (waiver) => waiver.rule === rule.id && matches(urn, waiver.urn) && !isExpired(waiver, today),
  );
}

function statusOf({ asked, violations, waived, open }: Omit<Result, "rule" | "level" | "status">): Status {
  if (violations.length > 0) return "violated";
  if (open.length > 0) return "not evaluated";
  if (waived.length > 0) return "waived";
  return asked === 0 ? "not applicable" : "passed";
}
