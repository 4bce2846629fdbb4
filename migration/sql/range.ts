import type { MappedTable, Plan, Range } from "../plans/plan.ts";
import { windowStart } from "../plans/plan.ts";
import { identifier, literal } from "./quote.ts";

/** A part of a table by its range column, from `low` (or the beginning) up to and without `high` (or the end). */
export interface Chunk {
  readonly number: number;
  readonly low: string | null;
  readonly high: string | null;
}

/** The whole of a table as one chunk. */
export const wholeTable: Chunk = { number: 1, low: null, high: null };

const types = { integer: "bigint", uuid: "uuid", text: "text" } as const;

/** Condition that a row of the source lies in a chunk. Rows without the column's value belong to the last one. */
export function sourceRange(range: Pick<Range, "column" | "kind">, chunk: Chunk): string {
  const column = `t.${identifier(range.column)}${range.kind === "text" ? ' COLLATE "C"' : ""}`;
  const bound = (value: string): string => `${literal(value)}::${types[range.kind]}`;
  const low = chunk.low === null ? [] : [`${column} >= ${bound(chunk.low)}`];
  const high = chunk.high === null ? [] : [`${column} < ${bound(chunk.high)}`];
  const inside = [...low, ...high].join(" AND ");
  if (inside === "") return "true";
  return chunk.high === null ? `(${inside} OR ${column} IS NULL)` : inside;
}

/** Condition that a row of the target is one of this system's in a chunk; those without a value belong to the last one. */
export function targetRange(plan: Plan, table: MappedTable, chunk: Chunk): string {
  const { target, kind } = table.range;
  const value = table.columns[target];
  const start = value?.kind === "id" || value?.kind === "reference" ? BigInt(windowStart(plan)) : 0n;
  const bound = (text: string): string =>
    kind === "integer" ? (BigInt(text) + start).toString() : `${literal(text)}::${types[kind]}`;
  const column = `${identifier(target)}${kind === "text" ? ' COLLATE "C"' : ""}`;
  const above = chunk.low === null ? [] : [`${column} >= ${bound(chunk.low)}`];
  const below = chunk.high === null ? [] : [`${column} < ${bound(chunk.high)}`];
  // As in the source, the last chunk has the rows without a value too.
  const inside =
    chunk.high === null ? above.map((condition) => `(${condition} OR ${column} IS NULL)`) : [...above, ...below];
  return [
    `"source_system" = ${literal(plan.system)}`,
    ...(table.among === undefined ? [] : [`(${table.among})`]),
    ...inside,
  ].join(" AND ");
}

/** Condition that a row in quarantine came from a chunk: its legacy row still has the range column. */
export function quarantineRange(range: Pick<Range, "column" | "kind">, chunk: Chunk): string {
  const column = `(legacy_row ->> ${literal(range.column)})${range.kind === "text" ? ' COLLATE "C"' : `::${types[range.kind]}`}`;
  const bound = (value: string): string => `${literal(value)}::${types[range.kind]}`;
  const low = chunk.low === null ? [] : [`${column} >= ${bound(chunk.low)}`];
  const high = chunk.high === null ? [] : [`${column} < ${bound(chunk.high)}`];
  const inside = [...low, ...high].join(" AND ");
  if (inside === "") return "true";
  return chunk.high === null ? `(${inside} OR ${column} IS NULL)` : inside;
}

/** Chunks between boundaries, which must ascend; none gives one chunk. */
export function chunksBetween(boundaries: readonly string[]): Chunk[] {
  const ends: (string | null)[] = [null, ...boundaries, null];
  return ends.slice(1).map((high, index) => ({ number: index + 1, low: ends[index] ?? null, high }));
}

/** Whether chunks in their order leave nothing of a table out, and have nothing twice. */
export const coversAll = (chunks: readonly Chunk[]): boolean =>
  chunks.length > 0 &&
  chunks.every(
    ({ low }, index) => low === (index === 0 ? null : chunks[index - 1]?.high) && (index === 0 || low !== null),
  ) &&
  chunks.at(-1)?.high === null;

const chunkBytes = 16 * 2 ** 20;
const fewestRows = 1000;

/** Rows that a chunk should have: as set, but no more than about 16 MiB of the table's bytes. */
export function rowsPerChunk(wanted: number, table: { rows: number; bytes: number }): number {
  if (table.rows === 0 || table.bytes === 0) return wanted;
  const fitting = Math.floor(chunkBytes / (table.bytes / table.rows));
  return Math.min(wanted, Math.max(fitting, fewestRows));
}

/**
 * Boundaries that cut the keys from `min` to `max` into even parts of about `perChunk` rows, or undefined when the keys
 * are too sparse for even parts to hold even numbers of rows.
 */
export function evenBoundaries(keys: {
  min: bigint;
  max: bigint;
  rows: number;
  perChunk: number;
}): string[] | undefined {
  const span = keys.max - keys.min + 1n;
  if (keys.rows <= keys.perChunk) return [];
  if (span > 4n * BigInt(keys.rows)) return undefined;
  const parts = BigInt(Math.ceil(keys.rows / keys.perChunk));
  const boundaries: string[] = [];
  for (let part = 1n; part < parts; part++) boundaries.push((keys.min + (span * part) / parts).toString());
  return boundaries;
}
