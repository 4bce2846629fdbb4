import { evenBoundaries, type Chunk } from "../../sql/range.ts";
import type { ColumnDefinition, TableDefinition } from "./introspection.ts";
import type { Session } from "./session.ts";
import { name, text } from "./sql.ts";

/** The column that a table is cut by: the first of its key. */
export interface ChunkKey {
  readonly column: ColumnDefinition;
  /** How a boundary is written: `encoded` ones are the hex of the stored bytes. */
  readonly kind: "integer" | "quoted" | "encoded";
}

const integers = /^(tinyint|smallint|mediumint|int|bigint)$/;
const quoted = /^(date|datetime|timestamp|decimal|uuid|inet4|inet6)$/;
const encoded = /^(char|varchar|binary|varbinary)$/;

/** What a table is cut by; undefined for one without a key, or with one that is not ordered as it is compared. */
export function chunkKeyOf(table: TableDefinition): ChunkKey | undefined {
  const column = table.columns.get(table.key[0] ?? "");
  if (column === undefined) return undefined;
  if (integers.test(column.base)) return { column, kind: "integer" };
  if (quoted.test(column.base)) return { column, kind: "quoted" };
  return encoded.test(column.base) ? { column, kind: "encoded" } : undefined;
}

const keyText = ({ column, kind }: ChunkKey): string => {
  const own = `t.${name(column.name)}`;
  if (kind === "encoded") return `HEX(${own})`;
  return column.zerofill ? `${own} + 0` : `CAST(${own} AS CHAR)`;
};

/** A boundary as a value that is compared as the column is, so that its index is used. */
function bound({ column, kind }: ChunkKey, value: string): string {
  if (kind === "integer") return BigInt(value).toString();
  if (kind === "quoted") return text(value);
  if (!/^([0-9A-F]{2})*$/.test(value)) throw new Error(`A boundary of ${column.name} is no hex text.`);
  const bytes = `X'${value}'`;
  return column.charset === null || column.collation === null
    ? bytes
    : `_${column.charset} ${bytes} COLLATE ${column.collation}`;
}

/** Condition that a row `t` lies in a chunk. Texts go by the column's own order, in which its index is sorted. */
export function rangeOf(table: TableDefinition, chunk: Chunk): string {
  if (chunk.low === null && chunk.high === null) return "TRUE";
  const key = chunkKeyOf(table);
  if (key === undefined) throw new Error("A table without a key is one chunk.");
  const own = `t.${name(key.column.name)}`;
  return [
    ...(chunk.low === null ? [] : [`${own} >= ${bound(key, chunk.low)}`]),
    ...(chunk.high === null ? [] : [`${own} < ${bound(key, chunk.high)}`]),
  ].join(" AND ");
}

/**
 * Boundaries that cut a table into chunks of about so many rows. Dense integers are cut evenly; otherwise the key is
 * walked along once, each step from the last boundary on. Rows that share the first column of a key stay together.
 */
export async function boundariesOf(
  session: Session,
  of: { table: string; definition: TableDefinition; rowsPerChunk: number },
): Promise<string[]> {
  const key = chunkKeyOf(of.definition);
  if (key === undefined) return [];
  const from = `FROM ${name(of.table)} t`;
  const own = `t.${name(key.column.name)}`;
  const counted = await session.rows(`SELECT COUNT(*), MIN(${own}) + 0, MAX(${own}) + 0 ${from}`);
  const [rows = "0", min = null, max = null] = counted[0] ?? [];
  if (Number(rows) <= of.rowsPerChunk) return [];
  if (key.kind === "integer" && min !== null && max !== null) {
    const ends = { min: BigInt(min), max: BigInt(max), rows: Number(rows), perChunk: of.rowsPerChunk };
    const even = evenBoundaries(ends);
    if (even !== undefined) return even;
  }
  const boundaries: string[] = [];
  const step = of.rowsPerChunk.toString();
  let last = await at(session, `SELECT ${keyText(key)} ${from} ORDER BY ${own} LIMIT 1`);
  while (last !== undefined) {
    const here = bound(key, last);
    const next = await at(
      session,
      `SELECT ${keyText(key)} ${from} WHERE ${own} >= ${here} ORDER BY ${own} LIMIT 1 OFFSET ${step}`,
    );
    // Where the next one is this one, a chunk's worth of rows share it, and it goes on after the last of them.
    last =
      next === last
        ? await at(session, `SELECT ${keyText(key)} ${from} WHERE ${own} > ${here} ORDER BY ${own} LIMIT 1`)
        : next;
    if (last !== undefined) boundaries.push(last);
  }
  return boundaries;
}

const at = async (session: Session, sql: string): Promise<string | undefined> =>
  (await session.rows(sql))[0]?.[0] ?? undefined;
