import type {
  PolicyResource,
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationArgs,
  StackValidationPolicy,
} from "@pulumi/policy";
import { ask, contextOf, isExcepted, waiverOf, type Evaluation } from "./evaluate.ts";
import { nothing, Plan, type PlannedResource } from "./plan.ts";
import type { Rule } from "./rule.ts";
import { unknown, Value } from "./value.ts";

/** What a pack is made from. */
export type PackArgs = Omit<Evaluation, "plan">;

/**
 * The rules as policies of Pulumi's own kind. Those that ask what a change replaces, or what it finds there, are left
 * out: a pack is not told.
 */
export function packPolicies(args: PackArgs): (ResourceValidationPolicy | StackValidationPolicy)[] {
  return args.rules.flatMap((rule): (ResourceValidationPolicy | StackValidationPolicy)[] => {
    const head = {
      name: rule.id,
      description: `${rule.title}. ${rule.fix}`,
      enforcementLevel: args.options.rules[rule.id]?.level ?? rule.level,
    };
    switch (rule.scope) {
      case "resource":
        return [{ ...head, validateResource: resourceValidation(rule, args) }];
      case "plan":
        return [{ ...head, validateStack: stackValidation(rule, args) }];
      case "change":
        return [];
    }
  });
}

function resourceValidation(rule: Rule, args: PackArgs) {
  return (given: ResourceValidationArgs, report: ReportViolation): void => {
    const { resource, untold } = plannedOf({ ...given, dependencies: [], propertyDependencies: {} });
    judge({ rule, args, plan: new Plan([resource]), untold: new Map([[resource.urn, untold]]) }, report);
  };
}

function stackValidation(rule: Rule, args: PackArgs) {
  return ({ resources }: StackValidationArgs, report: ReportViolation): void => {
    const all = resources.map(plannedOf);
    const untold = new Map(all.map((one) => [one.resource.urn, one.untold]));
    judge({ rule, args, plan: new Plan(all.map(({ resource }) => resource)), untold }, report);
  };
}

interface Judgement {
  readonly rule: Rule;
  readonly args: PackArgs;
  readonly plan: Plan;
  /** By the URN of a resource, what the SDK throws for its unknown values, by their paths. */
  readonly untold: ReadonlyMap<string, Untold>;
}

/** Reports every violation, and in the end throws what the engine takes for a policy that could not be evaluated. */
function judge({ rule, args, plan, untold }: Judgement, report: ReportViolation): void {
  const context = contextOf(rule, { ...args, plan });
  const open: unknown[] = [];
  for (const resource of plan.resources) {
    if (isExcepted(args.options.rules[rule.id], resource)) continue;
    const answer = ask(rule, resource, context);
    if (answer === undefined) continue;
    for (const message of answer.messages) {
      if (waiverOf(rule, resource.urn, args) === undefined) report(`${resource.name} ${message}.`, resource.urn);
    }
    open.push(...answer.open.map(({ property }) => untold.get(resource.urn)?.get(property)));
  }
  if (open.length > 0) throw open[0];
}

type Untold = Map<string, unknown>;

interface Planned {
  readonly resource: PlannedResource;
  readonly untold: Untold;
}

type Given = Pick<PolicyResource, "urn" | "type" | "name" | "props" | "opts" | "provider" | "dependencies"> &
  Pick<PolicyResource, "propertyDependencies">;

/** A resource as a pack is told of it. */
function plannedOf(given: Given): Planned {
  const { urn, type, name, props, opts, provider, dependencies, propertyDependencies } = given;
  const untold: Untold = new Map();
  const resource: PlannedResource = {
    urn,
    type,
    name,
    change: undefined,
    replaceReasons: [],
    inputs: new Value(withMarks(props, untold, "")),
    before: nothing,
    parent: opts.parent,
    provider: provider?.urn,
    dependencies: dependencies.map((one) => one.urn),
    propertyDependencies: Object.fromEntries(
      Object.entries(propertyDependencies).map(([property, from]) => [property, from.map((one) => one.urn)]),
    ),
    options: {
      protect: opts.protect,
      retainOnDelete: undefined,
      deletedWith: undefined,
      ignoreChanges: opts.ignoreChanges,
      replaceOnChanges: undefined,
    },
  };
  return { resource, untold };
}

/** Properties with the marks of what is not known, for which the SDK's own objects throw when they are read. */
function withMarks(raw: unknown, untold: Untold, path: string): unknown {
  if (typeof raw !== "object" || raw === null) return raw;
  const read = (key: string, at: string): unknown => {
    try {
      return withMarks(Reflect.get(raw, key), untold, at);
    } catch (error) {
      untold.set(at, error);
      return unknown;
    }
  };
  const keys = Object.keys(raw);
  if (Array.isArray(raw)) return keys.map((key) => read(key, `${path}[${key}]`));
  return Object.fromEntries(keys.map((key) => [key, read(key, path === "" ? key : `${path}.${key}`)]));
}
