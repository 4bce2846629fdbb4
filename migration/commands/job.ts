import { Refusal } from "../engine/outcome.ts";
import { checkPlan } from "../plans/check.ts";
import type { Plan } from "../plans/plan.ts";
import { plans } from "../plans/plans.ts";
import type { Settings } from "../settings.ts";
import type { SourceAddress } from "../sources/address.ts";
import { checkSource } from "../sources/check.ts";
import { openSource, type LegacyDatabase } from "../sources/open.ts";

/** A system that is to land, with its source open. */
export interface Job {
  readonly plan: Plan;
  readonly legacy: LegacyDatabase;
}

/** Opens a source and sees whether its plan fits it. Throws a Refusal with everything that does not. */
export async function prepare(settings: Settings, system: string): Promise<Job> {
  return open(settings, namedPlace(settings, system));
}

/** A view of a source for counting alone: nobody reads rows in it, so that no reader is asked for. */
export const countingSnapshot = (
  legacy: LegacyDatabase,
): Promise<{ count(source: string): Promise<number>; close(): Promise<void> }> =>
  legacy.kind === "staged" ? legacy.source.snapshot(0) : legacy.source.snapshot();

/** A system whose source cannot be read, or is not as its plan expects, and why. */
export interface UnreadableJob {
  readonly plan: Plan;
  readonly failure: Error;
}

/**
 * Opens a source as `prepare` does; of one that cannot be used it gives what `prepare` would throw, where a source that has
 * changed is only worth a warning: whether it is still needed, the target has to say.
 */
export async function prepareIfThere(settings: Settings, system: string): Promise<Job | UnreadableJob> {
  const place = namedPlace(settings, system);
  try {
    return await open(settings, place);
  } catch (error) {
    if (settings.changedSource === "fail" || !(error instanceof Error)) throw error;
    return { plan: place.plan, failure: error };
  }
}

interface NamedPlace {
  readonly plan: Plan;
  readonly address: SourceAddress;
}

/** The plan and the source that the settings have for a system. Throws a Refusal where they do not go together. */
function namedPlace(settings: Settings, system: string): NamedPlace {
  const plan = plans.get(system);
  const address = settings.sources.get(system);
  if (plan === undefined || address === undefined)
    throw new Refusal("The settings are not usable", [`${system}: no plan or no source`]);
  const unsound = checkPlan(plan);
  if (unsound.length > 0) throw new Refusal(`The plan of ${system} is not sound`, unsound);
  if (address.kind !== plan.engine)
    throw new Refusal("The settings are not usable", [
      `${system}: its source is ${address.kind}; it lands from ${plan.engine}`,
    ]);
  return { plan, address };
}

async function open(settings: Settings, { plan, address }: NamedPlace): Promise<Job> {
  const legacy = await openSource(plan, address);
  const faults = checkSource(plan, legacy.source.catalogue, settings.ignored);
  if (faults.length > 0) {
    await legacy.source.close();
    throw new Refusal(
      `The source of ${plan.system} is not as its plan expects; nothing was written. Extend the plan, or let single tables and columns stay behind by --ignore (MIGRATION_IGNORE)`,
      faults,
    );
  }
  return { plan, legacy };
}
