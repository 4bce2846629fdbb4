import type pg from "pg";
import type { Logger } from "pino";
import { SourceChanged } from "../engine/outcome.ts";
import type { Plan } from "../plans/plan.ts";
import type { Settings } from "../settings.ts";
import type { LegacyDatabase } from "../sources/open.ts";
import { recordedRows } from "../target/status.ts";
import { countingSnapshot, type Job, type UnreadableJob } from "./job.ts";

/** Tables that a message names; it says how many more there are. */
const mostNamed = 10;

/** A legacy table that has not as many rows as it had when its system landed. */
interface ChangedTable {
  readonly source: string;
  readonly landed: number;
  readonly now: number;
}

/**
 * Compares a source with what its system has landed. Throws SourceChanged, and what keeps the source from being read; where
 * the settings want only a warning, that is all there is.
 */
export async function compareSource(
  settings: Pick<Settings, "changedSource" | "observer">,
  of: { readonly control: pg.Client; readonly log: Logger },
  job: Job | UnreadableJob,
): Promise<void> {
  const { system } = job.plan;
  try {
    if ("failure" in job) throw job.failure;
    settings.observer.phase(system, "surveying");
    await compareCounts(job.plan, { ...job, ...of });
    of.log.info(`the source of ${system} has as many rows as when it landed`);
  } catch (error) {
    if (settings.changedSource === "fail") throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const changed = error instanceof SourceChanged;
    of.log.warn({ system }, changed ? reason : `whether the source of ${system} has changed is not known: ${reason}`);
  }
}

/**
 * Counts the rows of every table of a system's source, and throws SourceChanged with those that have other numbers of rows
 * than the run that landed the system. Rows that were only changed, or deleted as often as added, it does not see: that
 * is what `verify` is for.
 */
async function compareCounts(
  plan: Plan,
  of: { readonly legacy: LegacyDatabase; readonly control: pg.Client },
): Promise<void> {
  const recorded = await recordedRows(of.control, plan.system);
  const snapshot = await countingSnapshot(of.legacy);
  const changed: ChangedTable[] = [];
  try {
    // A view of the plan is made of tables, which are counted themselves.
    for (const source of Object.keys(plan.shape)) {
      const landed = recorded.get(source);
      // What the run did not record, a later plan has added.
      if (landed === undefined) continue;
      const now = await snapshot.count(source);
      if (now !== landed) changed.push({ source, landed, now });
    }
  } finally {
    await snapshot.close();
  }
  if (changed.length > 0) throw new SourceChanged(describe(plan.system, changed));
}

function describe(system: string, changed: readonly ChangedTable[]): string {
  const named = changed
    .slice(0, mostNamed)
    .map(({ source, landed, now }) => `${source} (${landed.toString()} rows then, ${now.toString()} now)`);
  const more = changed.length - named.length;
  const list = [...named, ...(more > 0 ? [`${more.toString()} more`] : [])].join(", ");
  return (
    `The source has changed since ${system} landed: ${list}. What has landed stays as it is. ` +
    `--again (MIGRATION_AGAIN=${system}) moves the system anew; it takes away what landed first, with everything that was changed in it since. ` +
    `verify names the rows that differ.`
  );
}
