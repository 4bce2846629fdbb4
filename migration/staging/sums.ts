import type pg from "pg";
import type { Plan } from "../plans/plan.ts";
import type { ForeignReader } from "../sources/foreign.ts";
import { sums as sumsQuery } from "../sql/fingerprint.ts";
import type { Sums } from "../sql/fingerprints.ts";
import type { Chunk } from "../sql/range.ts";
import { partColumns, partTable, type Part, type StagedTable } from "./tables.ts";

/** The sums of two sets of rows together. */
export const added = (one: Sums, other: Sums): Sums => ({
  rows: (BigInt(one.rows) + BigInt(other.rows)).toString(),
  first: (BigInt(one.first) + BigInt(other.first)).toString(),
  second: (BigInt(one.second) + BigInt(other.second)).toString(),
});

/** The sums of a chunk's plain or doubtful rows as they stand in the staging copy. */
export async function sumsHere(
  client: pg.Client,
  plan: Plan,
  of: { staged: StagedTable; chunk: Chunk; part: Part },
): Promise<Sums> {
  const columns = partColumns(of.staged, of.part);
  const relation = `SELECT s.*, ''::text AS "legacy_id" FROM ${partTable(plan, of.staged.table.source, of.part)} s
WHERE s."~chunk" = ${of.chunk.number.toString()}`;
  const result = await client.query<Sums>(sumsQuery(relation, columns, "text"));
  return result.rows[0] ?? { rows: "0", first: "0", second: "0" };
}

/** The sums of all rows of a chunk as they stand in the staging copy. */
export const allHere = async (
  client: pg.Client,
  plan: Plan,
  of: { staged: StagedTable; chunk: Chunk },
): Promise<Sums> =>
  added(
    await sumsHere(client, plan, { ...of, part: "plain" }),
    await sumsHere(client, plan, { ...of, part: "doubtful" }),
  );

/** The sums of all rows of a chunk in the source. */
export async function allThere(reader: ForeignReader, source: string, chunk: Chunk): Promise<Sums> {
  const { sums, doubtful } = await reader.plainSums(source, chunk);
  return doubtful === 0 ? sums : added(sums, await reader.doubtfulSums(source, chunk));
}
