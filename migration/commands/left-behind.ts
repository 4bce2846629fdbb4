import type pg from "pg";
import { inTransaction } from "../sql/connection.ts";
import { checkEpoch } from "../target/runner.ts";
import { recordLeftBehind } from "../target/status.ts";
import { countingSnapshot, type Job } from "./job.ts";

/** Rows of each table that the plan does not know and that stays behind because it was named. */
export async function countLeftBehind({ plan, legacy }: Job): Promise<Map<string, number>> {
  const unknown = [...legacy.source.catalogue.tables.keys()].filter((source) => plan.shape[source] === undefined);
  const counts = new Map<string, number>();
  if (unknown.length === 0) return counts;
  const snapshot = await countingSnapshot(legacy);
  try {
    for (const source of unknown) counts.set(source, await snapshot.count(source));
  } finally {
    await snapshot.close();
  }
  return counts;
}

/** Puts what stays behind beside the tables of the plan, so that every table of the source is accounted for. */
export async function noteLeftBehind(
  of: { readonly control: pg.Client; readonly epoch: string },
  system: string,
  counts: ReadonlyMap<string, number>,
): Promise<void> {
  if (counts.size === 0) return;
  await inTransaction(of.control, async () => {
    await checkEpoch(of.control, of.epoch);
    await recordLeftBehind(of.control, system, counts);
  });
}
