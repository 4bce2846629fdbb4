import type pg from "pg";
import type { Logger } from "pino";
import { withDescendants } from "../plans/order.ts";
import { carriedTables, mappedTables, type Plan } from "../plans/plan.ts";
import type { Profile } from "../sources/source.ts";
import { inTransaction } from "../sql/connection.ts";
import type { Tier } from "../sql/fingerprint.ts";
import { inTurns } from "../sql/turns.ts";
import { targetFingerprints } from "../target/fingerprints.ts";
import { removeChunk, removeTables } from "../target/removal.ts";
import { checkEpoch } from "../target/runner.ts";
import { readChunks, resetChunks, type StoredChunk } from "../target/runs.ts";
import { locate, sameSums } from "./compare.ts";
import type { Worker } from "./workers.ts";

export interface RecheckOptions {
  readonly plan: Plan;
  readonly control: pg.Client;
  readonly epoch: string;
  readonly runId: string;
  readonly workers: readonly Worker[];
  readonly tierOf: (source: string) => Tier;
  readonly isDirect: (source: string) => boolean;
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly log: Logger;
}

/**
 * Compares what an interrupted run has copied with the source as it is now. A chunk that has changed there waits again,
 * and so does everything that may refer to its rows. All of it goes in one transaction.
 */
export async function recheck(options: RecheckOptions): Promise<void> {
  const { plan, control, runId, log } = options;
  const chunks = (await readChunks(control, runId)).filter(({ copied }) => copied);
  const stale = await findStale(options, chunks);
  if (stale.length === 0) return;
  const sources = [...new Set(stale.map(({ source }) => source))];
  const wiped = withDescendants(plan, sources);
  for (const source of sources) wiped.delete(source);
  // A stale parent of a stale table is wiped by its chunks, the child then as a whole.
  const children = new Set([...sources.filter((source) => hasStaleParent(plan, source, sources)), ...wiped]);
  log.warn(
    { tables: sources, again: [...children] },
    "the source has changed since it was copied; these chunks are copied anew",
  );
  await inTransaction(control, async () => {
    await checkEpoch(control, options.epoch);
    await removeTables(control, plan, children);
    for (const source of children) await resetChunks(control, { runId, source });
    for (const table of carriedTables(plan).filter(({ source }) => sources.includes(source) && !children.has(source))) {
      const own = stale.filter(({ source }) => source === table.source);
      for (const chunk of own) await removeChunk(control, plan, { table, chunk });
      await resetChunks(
        control,
        { runId, source: table.source },
        own.map(({ number }) => number),
      );
    }
  });
}

const hasStaleParent = (plan: Plan, source: string, stale: readonly string[]): boolean =>
  stale.some((other) => other !== source && withDescendants(plan, [other]).has(source));

async function findStale(options: RecheckOptions, chunks: readonly StoredChunk[]): Promise<StoredChunk[]> {
  const mapped = new Map(mappedTables(options.plan).map((table) => [table.source, table]));
  const stale: StoredChunk[] = [];
  await inTurns(options.workers, chunks, async ({ reader }, chunk) => {
    const table = mapped.get(chunk.source);
    if (table === undefined || chunk.sums === undefined) return;
    const now = await reader.fingerprints.sums(
      { table, chunk, direct: options.isDirect(chunk.source) },
      options.tierOf(chunk.source),
    );
    if (!sameSums(now, chunk.sums)) stale.push(chunk);
  });
  const known = new Set(stale.map(({ source }) => source));
  for (const [source, own] of Map.groupBy(chunks, (chunk) => chunk.source)) {
    if (!known.has(source) && !(await isHeldAsNow(options, source, own))) stale.push(...own);
  }
  return stale;
}

/** Whether the quarantine has the rows of a table's copied chunks as the source has them now. */
async function isHeldAsNow(
  { plan, workers, profiles, tierOf }: RecheckOptions,
  source: string,
  chunks: readonly StoredChunk[],
): Promise<boolean> {
  const held = chunks.reduce((sum, { quarantined }) => sum + quarantined, 0);
  const rejected = profiles.get(source)?.rejected ?? 0;
  const complete = isComplete(chunks);
  if (held > rejected || (complete && held < rejected)) return false;
  const [worker] = workers;
  if (held === 0 || worker === undefined) return true;
  const sides = { plan, source: worker.reader.fingerprints, target: targetFingerprints(worker.target, plan) };
  const { differences } = await locate(sides, { quarantineOf: source }, tierOf(source));
  return differences.every(({ fault }) => fault === "missing" && !complete);
}

// Chunks that are still to come may hold the rest; the last one has no end.
const isComplete = (chunks: readonly StoredChunk[]): boolean =>
  chunks.some(({ high }) => high === null) && chunks.every(({ number }, index) => number === index + 1);
