import type pg from "pg";
import type { Sums } from "../sql/fingerprints.ts";
import type { Chunk } from "../sql/range.ts";

/** A chunk of a staging copy as the target remembers it; the sums are the source's, and there once it is copied. */
export interface StagedChunk extends Chunk {
  readonly source: string;
  readonly shapeHash: string;
  readonly sums: Sums | undefined;
  readonly bytes: number;
}

/** Every chunk of a system's staging copy, in order. */
export async function readStagedChunks(client: pg.Client, system: string): Promise<StagedChunk[]> {
  const result = await client.query<
    Omit<StagedChunk, "sums" | "bytes"> & {
      rows: string | null;
      first: string | null;
      second: string | null;
      bytes: string;
    }
  >(
    `SELECT source_table AS source, number, low, high, shape_hash AS "shapeHash", rows, first_sum AS first,
       second_sum AS second, bytes
     FROM migration.staged_chunks WHERE system = $1 ORDER BY source_table, number`,
    [system],
  );
  return result.rows.map(({ rows, first, second, bytes, ...chunk }) => ({
    ...chunk,
    bytes: Number(bytes),
    sums: rows === null || first === null || second === null ? undefined : { rows, first, second },
  }));
}

/** Lays out the chunks of a legacy table, all of them waiting. Within a transaction. */
export async function insertStagedChunks(
  client: pg.Client,
  of: { system: string; source: string; shapeHash: string },
  chunks: readonly Chunk[],
): Promise<void> {
  await client.query(
    `INSERT INTO migration.staged_chunks (system, source_table, shape_hash, number, low, high)
     SELECT $1, $2, $3, * FROM unnest($4::integer[], $5::text[], $6::text[])`,
    [
      of.system,
      of.source,
      of.shapeHash,
      chunks.map(({ number }) => number),
      chunks.map(({ low }) => low),
      chunks.map(({ high }) => high),
    ],
  );
}

/** Notes that a chunk has arrived, with the source's own count and sums. Within the transaction that brought it. */
export async function settleStagedChunk(
  client: pg.Client,
  chunk: { system: string; source: string; number: number; epoch: string },
  figures: { sums: Sums; bytes: number; seconds: number },
): Promise<void> {
  await client.query(
    `UPDATE migration.staged_chunks SET state = 'copied', epoch = $4, rows = $5, first_sum = $6, second_sum = $7, bytes = $8,
       seconds = $9 WHERE system = $1 AND source_table = $2 AND number = $3`,
    [
      chunk.system,
      chunk.source,
      chunk.number,
      chunk.epoch,
      figures.sums.rows,
      figures.sums.first,
      figures.sums.second,
      figures.bytes,
      figures.seconds,
    ],
  );
}

/** A chunk that is not as the source has it waits again. */
export async function resetStagedChunk(
  client: pg.Client,
  chunk: { system: string; source: string; number: number },
): Promise<void> {
  await client.query(
    `UPDATE migration.staged_chunks SET state = 'waiting', rows = NULL, first_sum = NULL, second_sum = NULL, bytes = 0,
       seconds = 0 WHERE system = $1 AND source_table = $2 AND number = $3`,
    [chunk.system, chunk.source, chunk.number],
  );
}
