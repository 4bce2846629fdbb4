import { z } from "zod";
import type { Chunk } from "../../sql/range.ts";
import type { SQLiteColumn, SQLiteTable } from "./introspection.ts";
import { decodingOf } from "../../plans/decoded.ts";
import { blobLiteral, type Marks } from "./marks.ts";
import { identifier } from "./quote.ts";
import type { SQLiteValue, Steps } from "./protocol.ts";

/** The lowest and the highest number that a row can have. */
const lowestRow = -(2n ** 63n);
const highestRow = 2n ** 63n - 1n;

/** Bytes that the rows of one step may have at most, however long the longest are. */
const stepBytes = 64 * 2 ** 20;
const mostRows = 8192;

/** Arguments that a function of SQLite's takes at most, with room to spare. */
const mostArguments = 500;

const largest = "1.7976931348623157e308";

/** Whether a column is declared to hold bytes, which travel as hexadecimal digits. */
export const holdsBytes = (type: string): boolean => decodingOf(type).type === "bytea";

/** A number as text that reads back as the same number. Where SQLite stores texts only, there is none. */
export const numberText = (column: string, textual: boolean): string =>
  textual
    ? `${column} || ''`
    : `CASE WHEN ${column} BETWEEN -${largest} AND ${largest} THEN ${column} || '' WHEN ${column} > 0 THEN 'Infinity' ELSE '-Infinity' END`;

// Comparisons tell the classes apart, and cost far less than typeof(): NULL < numbers < '' <= text < x'' <= blobs.
const isNumber = (column: string): string => `${column} COLLATE BINARY < ''`;
export const isNoBlob = (column: string): string => `${column} COLLATE BINARY < x''`;

/** SQL for the mark of a missing value, and of one that must be looked at by itself. */
export const missing = ({ missing: bytes }: Marks): string => `CAST(${blobLiteral(...bytes)} AS TEXT)`;
export const special = ({ special: byte }: Marks): string => `CAST(${blobLiteral(byte)} AS TEXT)`;

/** A stored value as text; what has none in a column of texts and numbers is marked special. */
export function storedText({ name, type, textual }: Omit<SQLiteColumn, "notNull">, marks: Marks): string {
  const column = `t.${identifier(name)}`;
  const asNumber = numberText(column, textual);
  const number = (shown: string): string => (textual ? "" : `WHEN ${isNumber(column)} THEN ${shown} `);
  const none = `WHEN ${column} IS NULL THEN ${missing(marks)}`;
  if (holdsBytes(type)) return `CASE ${number(`lower(hex(${asNumber}))`)}${none} ELSE lower(hex(${column})) END`;
  return `CASE ${number(asNumber)}WHEN ${isNoBlob(column)} THEN ${column} ${none} ELSE ${special(marks)} END`;
}

/** Texts as one, with the separator between, which is SQL itself. */
export function joined(separator: string, values: readonly string[]): string {
  if (values.length <= mostArguments) return `concat_ws(${separator}, ${values.join(", ")})`;
  const groups: string[] = [];
  for (let start = 0; start < values.length; start += mostArguments) {
    groups.push(joined(separator, values.slice(start, start + mostArguments)));
  }
  return joined(separator, groups);
}

/** A chunk of a table by its rows' numbers, and how to walk through it. */
export function stepsThrough(table: SQLiteTable, chunk: Chunk, rows: string): Steps {
  if (table.rowid === undefined) throw new Error(`The rows of ${table.name} have no numbers.`);
  const row = `t.${identifier(table.rowid)}`;
  const from = `FROM ${identifier(table.name)} t WHERE ${row} BETWEEN ?1 AND ?2`;
  return {
    ...rowRange(chunk),
    next: `SELECT ${row} ${from} ORDER BY ${row} LIMIT 1 OFFSET ?3`,
    rows: `SELECT ${rows} ${from}`,
    most: mostAtOnce(table),
  };
}

/** The lowest and the highest number that a row of a chunk can have. */
export const rowRange = ({ low, high }: Chunk): { low: bigint; high: bigint } => ({
  low: low === null ? lowestRow : BigInt(low),
  high: high === null ? highestRow : BigInt(high) - 1n,
});

/** So many of the table's longest rows as fit into memory, and no more than help. */
export const mostAtOnce = ({ longest }: SQLiteTable): number =>
  Math.max(1, Math.min(mostRows, Math.floor(stepBytes / Math.max(1, longest))));

/** A row in one piece: its columns with marks between. */
export const markedRow = (columns: readonly string[], marks: Marks): string =>
  joined(blobLiteral(marks.column), columns);

/** Many rows in one piece, with marks between, behind how many they are. */
export const manyRows = (columns: readonly string[], marks: Marks): string =>
  `count(*), CAST(group_concat(${markedRow(columns, marks)}, ${blobLiteral(marks.row)}) AS BLOB)`;

/** A part of a table as messages call it. */
export const partName = (table: string, { low, high }: Chunk): string =>
  low === null && high === null ? `table ${table}` : `table ${table} (${low ?? "beginning"} to ${high ?? "end"})`;

/** A chunk of a table whose rows have no numbers, by its primary key. */
export function keyRange(table: SQLiteTable, chunk: Chunk): { where: string; parameters: SQLiteValue[] } {
  const key = `(${table.key.map((column) => `t.${identifier(column)}`).join(", ")})`;
  const places = `(${table.key.map(() => "?").join(", ")})`;
  const bounds = [
    ...(chunk.low === null ? [] : [{ sql: `${key} >= ${places}`, values: readKey(chunk.low) }]),
    ...(chunk.high === null ? [] : [{ sql: `${key} < ${places}`, values: readKey(chunk.high) }]),
  ];
  return {
    where: bounds.length === 0 ? "true" : bounds.map(({ sql }) => sql).join(" AND "),
    parameters: bounds.flatMap(({ values }) => values),
  };
}

/** A key as one text, from which `readKey` makes it again. */
export const writeKey = (values: readonly SQLiteValue[]): string =>
  JSON.stringify(
    values.map((value) =>
      typeof value === "bigint"
        ? { integer: value.toString() }
        : value instanceof Uint8Array
          ? { blob: Buffer.from(value).toString("hex") }
          : value,
    ),
  );

const writtenKey = z.array(
  z.union([z.null(), z.string(), z.number(), z.object({ integer: z.string() }), z.object({ blob: z.string() })]),
);

/** The values of a key. Throws an error where the text is none that `writeKey` has made. */
export const readKey = (key: string): SQLiteValue[] => {
  const values = writtenKey.parse(JSON.parse(key));
  return values.map((value) => {
    if (value === null || typeof value !== "object") return value;
    return "integer" in value ? BigInt(value.integer) : Uint8Array.from(Buffer.from(value.blob, "hex"));
  });
};
