import { pipeline } from "node:stream/promises";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import type { FoldedTable, MappedTable, Plan } from "../plans/plan.ts";
import type { Selection, SourceReader } from "../sources/source.ts";
import { sums, type Tier } from "../sql/fingerprint.ts";
import { columnsOf, type Sums } from "../sql/fingerprints.ts";
import { identifier } from "../sql/quote.ts";
import type { Chunk } from "../sql/range.ts";
import { ByteCounter } from "../sql/byte-counter.ts";
import { inTransaction } from "../sql/connection.ts";
import { checkEpoch } from "./runner.ts";

export interface ChunkWork {
  readonly plan: Plan;
  readonly runId: string;
  readonly epoch: string;
  readonly table: MappedTable | FoldedTable;
  readonly chunk: Chunk;
  readonly format: "binary" | "text";
  readonly tier: Tier;
  /** Whether the rows come straight from a database that is not PostgreSQL. */
  readonly direct: boolean;
  /** Whether the table has rows for quarantine at all. */
  readonly held: boolean;
}

export interface ChunkResult {
  readonly rows: number;
  readonly quarantined: number;
  readonly bytes: number;
}

const quarantineColumns = "system, run_id, source_table, legacy_id, rule, reason, legacy_row";

/**
 * Moves one chunk in one transaction of the target: the rows that land, those that go to quarantine, and the
 * checkpoint with the source's own count and sums. Commits only while the epoch is this runner's.
 */
export async function landChunk(client: pg.Client, reader: SourceReader, work: ChunkWork): Promise<ChunkResult> {
  const started = performance.now();
  return inTransaction(client, async () => {
    const { table, chunk, runId } = work;
    const landed: Landed =
      table.disposition === "mapped"
        ? await landRows(client, reader, { ...work, table })
        : { rows: 0, bytes: 0, sums: { rows: "0", first: "0", second: "0" } };
    let quarantined = 0;
    if (work.held) {
      const into = client.query(copyFrom(`COPY operations.quarantine (${quarantineColumns}) FROM STDIN`));
      await pipeline(reader.heldRows(table, chunk, runId), into);
      quarantined = into.rowCount;
    }
    await client.query(
      `UPDATE migration.chunks SET state = 'copied', epoch = $4, rows = $5, quarantined = $6, bytes = $7, source_rows = $8,
         first_sum = $9, second_sum = $10, seconds = $11, copied_at = clock_timestamp()
       WHERE run_id = $1 AND source_table = $2 AND number = $3`,
      [
        runId,
        table.source,
        chunk.number,
        work.epoch,
        landed.rows,
        quarantined,
        landed.bytes,
        landed.sums.rows,
        landed.sums.first,
        landed.sums.second,
        (performance.now() - started) / 1000,
      ],
    );
    await checkEpoch(client, work.epoch);
    return { rows: landed.rows, quarantined, bytes: landed.bytes };
  });
}

interface Landed {
  readonly rows: number;
  readonly bytes: number;
  readonly sums: Sums;
}

async function landRows(
  client: pg.Client,
  reader: SourceReader,
  work: ChunkWork & { table: MappedTable },
): Promise<Landed> {
  const selection = work.format === "binary" ? reader.selection(work) : undefined;
  if (selection !== undefined) return insertSelected(client, selection, work);
  const columns = columnsOf(work.plan, work).map(({ name }) => identifier(name));
  const into = client.query(
    copyFrom(`COPY ${identifier(work.table.target)} (${columns.join(", ")}) FROM STDIN (FORMAT ${work.format})`),
  );
  const counter = new ByteCounter();
  const out = reader.rows(work, work.format);
  // Queued behind the COPY on the source's connection, so that it works while the target still writes.
  const [sums] = await Promise.all([reader.fingerprints.sums(work, work.tier), pipeline(out, counter, into)]);
  return { rows: into.rowCount, bytes: counter.bytes, sums };
}

/** Moves rows that are in the server already: what is inserted is worked out once, and its sums before it is inserted. */
async function insertSelected(
  client: pg.Client,
  { query, schema }: Selection,
  { plan, table, chunk, tier }: ChunkWork & { table: MappedTable },
): Promise<Landed> {
  const columns = columnsOf(plan, { table, chunk });
  const names = columns.map(({ name }) => identifier(name)).join(", ");
  await client.query(`SET LOCAL search_path = ${identifier(schema)}; SET LOCAL work_mem = '64MB'`);
  const result = await client.query<Sums & { landed: string; bytes: string }>(
    `WITH mapped AS MATERIALIZED (${query}),
landed AS (INSERT INTO ${identifier(table.target)} (${names}) SELECT ${names} FROM mapped RETURNING 1)
SELECT s.*, (SELECT count(*) FROM landed) AS landed,
  (SELECT coalesce(sum(pg_column_size(mapped)), 0) FROM mapped) AS bytes
FROM (${sums("SELECT * FROM mapped", columns, tier)}) s`,
  );
  await client.query("SET LOCAL search_path = DEFAULT");
  const [{ landed, bytes, ...found } = { landed: "0", bytes: "0", rows: "0", first: "0", second: "0" }] = result.rows;
  return { rows: Number(landed), bytes: Number(bytes), sums: found };
}
