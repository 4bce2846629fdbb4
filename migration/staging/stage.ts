import type pg from "pg";
import type { Logger } from "pino";
import { sameSums } from "../engine/compare.ts";
import { Interrupted } from "../engine/outcome.ts";
import type { Plan } from "../plans/plan.ts";
import type { ProgressObserver } from "../progress/progress.ts";
import type { ForeignSnapshot, ForeignSource } from "../sources/foreign.ts";
import { inTransaction } from "../sql/connection.ts";
import { identifier } from "../sql/quote.ts";
import { chunksBetween, rowsPerChunk, type Chunk } from "../sql/range.ts";
import { inTurns } from "../sql/turns.ts";
import { checkEpoch } from "../target/runner.ts";
import { stageChunk } from "./chunk.ts";
import { insertStagedChunks, readStagedChunks, resetStagedChunk, type StagedChunk } from "./chunks.ts";
import { allHere, allThere } from "./sums.ts";
import {
  parts,
  partTable,
  shapeHash,
  stagedTables,
  stagingIndexes,
  stagingSchema,
  stagingStatements,
  stagingViews,
  type StagedTable,
} from "./tables.ts";
import { openWorker, type Worker } from "./worker.ts";

export interface StagingOptions {
  readonly plan: Plan;
  readonly source: ForeignSource;
  /** The moment of the source that is copied; it stays open. */
  readonly snapshot: ForeignSnapshot;
  /** Tables that go straight into the target, and are only counted. */
  readonly direct: ReadonlySet<string>;
  /** The connection that holds the runner's lock. */
  readonly control: pg.Client;
  readonly target: pg.ClientConfig;
  readonly epoch: string;
  readonly workers: number;
  readonly chunkRows: number;
  readonly signal: AbortSignal;
  readonly observer: ProgressObserver;
  readonly log: Logger;
}

/** Rows of each legacy table at the moment of the copy, those that stay behind included. */
export type StagedCounts = ReadonlyMap<string, number>;

/**
 * Copies the carried tables of a source that is not PostgreSQL into the staging schema, as they are, and compares each
 * chunk with the source by sums as it arrives. An interrupted copy goes on; what has changed in the source since, or
 * was lost with the server, is copied anew.
 */
export async function stage(options: StagingOptions): Promise<StagedCounts> {
  const { plan, source } = options;
  const tables = stagedTables(plan, source.catalogue).filter(({ table }) => !options.direct.has(table.source));
  const { snapshot } = options;
  const workers: Worker[] = [];
  try {
    const counts = await countAll(plan, snapshot);
    while (workers.length < Math.min(snapshot.readers, options.workers))
      workers.push(await openWorker(options.target, snapshot));
    const known = await goOn(options, { tables, workers });
    await layOut(options, { tables: tables.filter(({ table }) => !known.has(table.source)), snapshot, counts });
    await copyWaiting(options, { tables, workers, counts });
    await checkCounts(options, { tables, counts });
    await prepareToRead(options, tables);
    return counts;
  } finally {
    await Promise.all(workers.map(({ reader, connection }) => Promise.all([reader.close(), connection.close()])));
  }
}

async function prepareToRead({ plan, control }: StagingOptions, tables: readonly StagedTable[]): Promise<void> {
  // It is read from end to end: that it is large, and how many values differ, is all there is to know.
  await control.query("SET default_statistics_target = 10");
  try {
    for (const statement of [...stagingIndexes(plan, tables), ...stagingViews(plan)]) await control.query(statement);
  } finally {
    await control.query("RESET default_statistics_target");
  }
}

/** Takes a staging copy away. */
export async function removeStaging(control: pg.Client, plan: Plan, epoch: string): Promise<void> {
  await inTransaction(control, async () => {
    await checkEpoch(control, epoch);
    await control.query(`DROP SCHEMA IF EXISTS ${identifier(stagingSchema(plan))} CASCADE`);
    await control.query("DELETE FROM migration.staged_chunks WHERE system = $1", [plan.system]);
  });
}

async function countAll(plan: Plan, snapshot: ForeignSnapshot): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const table of Object.keys(plan.shape)) counts.set(table, await snapshot.count(table));
  return counts;
}

/** The chunks together must be the whole table: sums would not tell of a row that lies in none of them, or in two. */
async function checkCounts(
  { plan, control }: StagingOptions,
  of: { tables: readonly StagedTable[]; counts: StagedCounts },
): Promise<void> {
  const chunks = Map.groupBy(await readStagedChunks(control, plan.system), ({ source }) => source);
  for (const { table } of of.tables) {
    const rows = (chunks.get(table.source) ?? []).reduce((sum, { sums }) => sum + BigInt(sums?.rows ?? 0), 0n);
    const there = of.counts.get(table.source) ?? 0;
    if (rows === BigInt(there)) continue;
    throw new Error(
      `The staging copy of ${table.source} has ${rows.toString()} rows, and the source ${there.toString()}. Nothing of it lands; the key of the table orders its rows otherwise than its chunks do.`,
    );
  }
}

/** Looks at what an interrupted copy has left, and says which tables are there in this form to go on with. */
async function goOn(
  options: StagingOptions,
  of: { tables: readonly StagedTable[]; workers: readonly Worker[] },
): Promise<Set<string>> {
  const { plan, control, log } = options;
  const there = await control.query<{ name: string }>(
    "SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relkind = 'v'",
    [stagingSchema(plan)],
  );
  const views = new Set(there.rows.map(({ name }) => name));
  const hashes = new Map(of.tables.map((staged) => [staged.table.source, shapeHash(plan, staged)]));
  const chunks = (await readStagedChunks(control, plan.system)).filter(
    ({ source, shapeHash: hash }) => views.has(source) && hashes.get(source) === hash,
  );
  if (chunks.length === 0) return new Set();
  const tables = new Map(of.tables.map((staged) => [staged.table.source, staged]));
  const stale: StagedChunk[] = [];
  await inTurns(of.workers, chunks, async ({ reader, connection }, chunk) => {
    const staged = tables.get(chunk.source);
    if (chunk.sums === undefined || staged === undefined) return;
    const now = await allThere(reader, chunk.source, chunk);
    const here = sameSums(now, chunk.sums) ? await allHere(connection.client, plan, { staged, chunk }) : undefined;
    if (here === undefined || !sameSums(here, chunk.sums)) stale.push(chunk);
  });
  const done = chunks.filter(({ sums }) => sums !== undefined).length - stale.length;
  log.info(
    { chunks: done, of: chunks.length, stale: stale.length },
    `going on with the staging copy of ${plan.system}`,
  );
  await inTransaction(control, async () => {
    await checkEpoch(control, options.epoch);
    for (const { source, number } of stale) {
      for (const part of parts)
        await control.query(`DELETE FROM ${partTable(plan, source, part)} WHERE "~chunk" = $1`, [number]);
      await resetStagedChunk(control, { system: plan.system, source, number });
    }
  });
  return new Set(chunks.map(({ source }) => source));
}

async function layOut(
  options: StagingOptions,
  of: { tables: readonly StagedTable[]; snapshot: ForeignSnapshot; counts: StagedCounts },
): Promise<void> {
  const { plan, control, source } = options;
  const chunks = new Map<string, Chunk[]>();
  for (const { table } of of.tables) {
    const rows = of.counts.get(table.source) ?? 0;
    const bytes = source.catalogue.tables.get(table.source)?.bytes ?? 0;
    const perChunk = rowsPerChunk(options.chunkRows, { rows, bytes });
    chunks.set(
      table.source,
      chunksBetween(rows <= perChunk ? [] : await of.snapshot.boundaries(table.source, perChunk)),
    );
  }
  const { system } = plan;
  await inTransaction(control, async () => {
    await checkEpoch(control, options.epoch);
    await control.query(`CREATE SCHEMA IF NOT EXISTS ${identifier(stagingSchema(plan))}`);
    for (const staged of of.tables) {
      const { source } = staged.table;
      for (const part of parts) await control.query(`DROP TABLE IF EXISTS ${partTable(plan, source, part)} CASCADE`);
      await control.query("DELETE FROM migration.staged_chunks WHERE system = $1 AND source_table = $2", [
        system,
        source,
      ]);
      for (const statement of stagingStatements(plan, staged)) await control.query(statement);
      const hash = shapeHash(plan, staged);
      await insertStagedChunks(control, { system, source, shapeHash: hash }, chunks.get(source) ?? []);
    }
  });
}

async function copyWaiting(
  options: StagingOptions,
  of: { tables: readonly StagedTable[]; workers: readonly Worker[]; counts: StagedCounts },
): Promise<void> {
  const { plan, control, observer, signal } = options;
  const { system } = plan;
  const tables = new Map(of.tables.map((staged) => [staged.table.source, staged]));
  const chunks = await readStagedChunks(control, system);
  const figures = new Map<string, { rows: number; bytes: number }>();
  for (const { source, sums, bytes } of chunks) {
    const so = figures.get(source) ?? { rows: 0, bytes: 0 };
    figures.set(source, { rows: so.rows + Number(sums?.rows ?? 0), bytes: so.bytes + bytes });
  }
  observer.phase(system, "staging");
  const waiting = chunks.filter(({ source, sums }) => sums === undefined && tables.has(source));
  options.log.info({ chunks: waiting.length, of: chunks.length, workers: of.workers.length }, `staging ${system}`);
  await inTurns(of.workers, waiting, async (worker, chunk) => {
    if (signal.aborted) throw new Interrupted();
    const staged = tables.get(chunk.source);
    if (staged === undefined) return;
    const landed = await stageChunk(options, worker, { staged, chunk });
    const so = figures.get(chunk.source) ?? { rows: 0, bytes: 0 };
    const now = { rows: so.rows + Number(landed.sums.rows), bytes: so.bytes + landed.bytes };
    figures.set(chunk.source, now);
    observer.table({ system, table: chunk.source, phase: "staging", of: of.counts.get(chunk.source) ?? 0, ...now });
    options.log.debug({ table: chunk.source, chunk: chunk.number, rows: Number(landed.sums.rows) }, "chunk staged");
  });
}
