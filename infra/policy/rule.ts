import type { Plan, PlannedResource } from "./plan.ts";
import type { Waiver } from "./waiver.ts";

/** Whether a violation stops a change, or is only told of. */
export type Level = "mandatory" | "advisory";

/** What a question may look at besides the resource that it is about. */
export interface Context {
  readonly plan: Plan;
  /** What the rule allows besides: its own list, or the one of the environment's settings. */
  readonly allow: readonly string[];
  readonly waivers: readonly Waiver[];
  /** The day, `2026-11-21`. */
  readonly today: string;
}

/**
 * One question of a rule about a resource. It yields a sentence for each violation, beginning with a small letter: the
 * resource is its subject.
 *
 * @throws NotTellable when it needs a value that cannot be told
 */
export type Question = (resource: PlannedResource, context: Context) => Iterable<string>;

/** A rule that every environment must satisfy. */
export interface Rule {
  /** Short and for good: settings and waivers name it. */
  readonly id: string;
  /** What must be so, in one sentence. */
  readonly title: string;
  /** What happens otherwise. */
  readonly why: string;
  /** What to do about a violation. */
  readonly fix: string;
  readonly level: Level;
  /** Where it comes from: benchmarks, documents, reports of faults. */
  readonly sources: readonly string[];
  /** What may be allowed besides in an environment's settings; undefined where a rule has no such list. */
  readonly allow?: { readonly what: string; readonly usual: readonly string[] };
  /**
   * What it needs besides the resource: nothing, so that a policy pack can judge before it is made; the other resources;
   * or what the change does and finds there, which only a preview tells.
   */
  readonly scope: "resource" | "plan" | "change";
  /** The resources that it is about. */
  readonly about: (resource: PlannedResource, plan: Plan) => boolean;
  /** Its questions. Each is asked apart, so that an unknown value for one keeps no other from being asked. */
  readonly check: readonly Question[];
}
