import type pg from "pg";
import type { Tier } from "../sql/fingerprint.ts";
import type { Chunk } from "../sql/range.ts";
import { checkEpoch } from "./runner.ts";

export type RunState = "copying" | "verifying" | "verified" | "failed" | "superseded";

export interface Run {
  readonly id: string;
  readonly planHash: string;
  readonly tier: Tier;
  readonly state: RunState;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
}

/** A chunk as the target remembers it. */
export interface StoredChunk extends Chunk {
  readonly source: string;
  readonly copied: boolean;
  readonly rows: number;
  readonly quarantined: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly sums: { readonly rows: string; readonly first: string; readonly second: string } | undefined;
}

/** The last run of a system, or undefined; also when this database has never had the engine's tables. */
export async function lastRun(client: pg.Client, system: string): Promise<Run | undefined> {
  const known = await client.query<{ known: boolean }>("SELECT to_regclass('migration.runs') IS NOT NULL AS known");
  if (known.rows[0]?.known !== true) return undefined;
  const result = await client.query<Run>(
    `SELECT id::text, plan_hash AS "planHash", hash_tier AS tier, state, started_at AS "startedAt", finished_at AS "finishedAt"
     FROM migration.runs WHERE system = $1 ORDER BY id DESC LIMIT 1`,
    [system],
  );
  return result.rows[0];
}

/** Puts a new run in the place of all earlier ones of the system, which must be within a transaction. */
export async function insertRun(
  client: pg.Client,
  run: { system: string; planHash: string; tier: Tier; release: string; epoch: string },
): Promise<string> {
  await client.query("UPDATE migration.runs SET state = 'superseded' WHERE system = $1 AND state <> 'superseded'", [
    run.system,
  ]);
  await client.query("DELETE FROM migration.chunks c USING migration.runs r WHERE r.id = c.run_id AND r.system = $1", [
    run.system,
  ]);
  const result = await client.query<{ id: string }>(
    `INSERT INTO migration.runs (system, plan_hash, hash_tier, release, epoch, state)
     VALUES ($1, $2, $3, $4, $5, 'copying') RETURNING id::text`,
    [run.system, run.planHash, run.tier, run.release, run.epoch],
  );
  return result.rows[0]?.id ?? "";
}

/** Lays out the chunks of a legacy table, all of them waiting. */
export async function insertChunks(
  client: pg.Client,
  of: { runId: string; source: string },
  chunks: readonly Chunk[],
): Promise<void> {
  await client.query(
    `INSERT INTO migration.chunks (run_id, source_table, number, low, high)
     SELECT $1, $2, * FROM unnest($3::integer[], $4::text[], $5::text[])`,
    [
      of.runId,
      of.source,
      chunks.map(({ number }) => number),
      chunks.map(({ low }) => low),
      chunks.map(({ high }) => high),
    ],
  );
}

/** Every chunk of a run, in order. */
export async function readChunks(client: pg.Client, runId: string): Promise<StoredChunk[]> {
  const result = await client.query<{
    source: string;
    number: number;
    low: string | null;
    high: string | null;
    state: string;
    rows: string;
    quarantined: string;
    bytes: string;
    seconds: number;
    sourceRows: string | null;
    first: string | null;
    second: string | null;
  }>(
    `SELECT source_table AS source, number, low, high, state, rows, quarantined, bytes, seconds,
       source_rows AS "sourceRows", first_sum AS first, second_sum AS second
     FROM migration.chunks WHERE run_id = $1 ORDER BY source_table, number`,
    [runId],
  );
  return result.rows.map((row) => ({
    source: row.source,
    number: row.number,
    low: row.low,
    high: row.high,
    copied: row.state === "copied",
    rows: Number(row.rows),
    quarantined: Number(row.quarantined),
    bytes: Number(row.bytes),
    seconds: row.seconds,
    sums:
      row.sourceRows === null || row.first === null || row.second === null
        ? undefined
        : { rows: row.sourceRows, first: row.first, second: row.second },
  }));
}

/** Chunks whose rows were taken away again wait once more: the numbered ones, or all of a table. */
export async function resetChunks(
  client: pg.Client,
  of: { runId: string; source: string },
  numbers?: readonly number[],
): Promise<void> {
  await client.query(
    `UPDATE migration.chunks SET state = 'waiting', rows = 0, quarantined = 0, bytes = 0, source_rows = NULL, first_sum = NULL,
       second_sum = NULL, seconds = 0, copied_at = NULL
     WHERE run_id = $1 AND source_table = $2 AND ($3::integer[] IS NULL OR number = ANY ($3))`,
    [of.runId, of.source, numbers ?? null],
  );
}

/** Puts a run into a state, fenced, within a transaction. */
export async function setRunState(
  client: pg.Client,
  run: { id: string; epoch: string },
  to: { state: RunState; failure?: string },
): Promise<void> {
  await checkEpoch(client, run.epoch);
  await client.query(
    `UPDATE migration.runs SET state = $2, failure = $3, epoch = $4,
       finished_at = CASE WHEN $2 IN ('verified', 'failed') THEN now() END WHERE id = $1`,
    [run.id, to.state, to.failure ?? null, run.epoch],
  );
}
