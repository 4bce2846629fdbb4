import { plainType } from "../../plans/decoded.ts";
import type { Chunk } from "../../sql/range.ts";
import type { Introspection, SQLiteColumn, SQLiteTable } from "./introspection.ts";
import type { Marks } from "./marks.ts";
import { plainKinds } from "./plain-value.ts";
import type { Passage, PlainRows, SingleRows, SQLiteValue } from "./protocol.ts";
import { identifier } from "./quote.ts";
import {
  holdsBytes,
  isNoBlob,
  joined,
  keyRange,
  manyRows,
  markedRow,
  missing,
  mostAtOnce,
  numberText,
  partName,
  rowRange,
  special,
  stepsThrough,
  storedText,
} from "./relation.ts";

/** What a database's stored texts are, and what parts its values. */
export interface Form {
  readonly marks: Marks;
  readonly encoding: Introspection["encoding"];
}

/**
 * A chunk's plain rows, in the types in which they arrive; undefined where no row can be told to be plain: marks are no
 * text in UTF-16, and rows without numbers could not be named.
 */
export function plainPassage(
  table: SQLiteTable,
  chunk: Chunk,
  { marks, encoding }: Form,
): (Passage & { rows: PlainRows }) | undefined {
  if (table.rowid === undefined || encoding !== "utf-8") return undefined;
  const row = `t.${identifier(table.rowid)}`;
  const at = table.columns.findIndex(({ name }) => name === table.rowid);
  const width = table.columns.length;
  const number = at < 0 ? width : at;
  const values = table.columns.map((column, index) => (index === at ? row : plainText(column, marks)));
  const columns = at < 0 ? [...values, row] : values;
  const steps = stepsThrough(table, chunk, manyRows(columns, marks));
  return {
    name: partName(table.name, chunk),
    shape: { width, plain: { kinds: table.columns.map(({ type }) => plainKinds[plainType(type)]), number } },
    rows: {
      kind: "plain",
      part: JSON.stringify([table.name, chunk.low, chunk.high]),
      steps,
      each: `SELECT CAST(${row} AS TEXT), CAST(${markedRow(columns, marks)} AS BLOB)
FROM ${identifier(table.name)} t WHERE ${row} BETWEEN ?1 AND ?2 ORDER BY ${row}`,
    },
  };
}

/** A stored value as text, of which the line writer tells whether it is plain; bytes are marked special. */
function plainText(column: SQLiteColumn, marks: Marks): string {
  if (plainType(column.type) === "text") return storedText(column, marks);
  const own = `t.${identifier(column.name)}`;
  return `CASE WHEN ${isNoBlob(own)} THEN ${own} WHEN ${own} IS NULL THEN ${missing(marks)} ELSE ${special(marks)} END`;
}

/** A chunk's doubtful rows as they are stored, every column as text, and last `~odd`. */
export function doubtfulPassage(table: SQLiteTable, chunk: Chunk, form: Form): Passage {
  const name = partName(table.name, chunk);
  const shape = { width: table.columns.length + 1 };
  const plain = plainPassage(table, chunk, form);
  if (plain === undefined || table.rowid === undefined) {
    const { where, parameters } = everyRow(table, chunk);
    const rows = singleRows(table, `${identifier(table.name)} t WHERE ${where}`, { ...form, parameters });
    return { name, shape, rows };
  }
  // The row is looked up for each number, whatever the database knows of the table.
  const from = `json_each(?1) j CROSS JOIN ${identifier(table.name)} t ON t.${identifier(table.rowid)} = j.value`;
  const columns = [...table.columns.map((column) => storedText(column, form.marks)), missing(form.marks)];
  return {
    name,
    shape,
    rows: {
      kind: "doubtful",
      plain,
      many: `SELECT ${manyRows(columns, form.marks)} FROM ${from}`,
      most: mostAtOnce(table),
      single: singleRows(table, from, { ...form, parameters: [] }),
    },
  };
}

/** How many rows a chunk has. */
export function countOf(table: SQLiteTable, chunk: Chunk): { sql: string; parameters: readonly SQLiteValue[] } {
  const { where, parameters } = everyRow(table, chunk);
  return { sql: `SELECT count(*) FROM ${identifier(table.name)} t WHERE ${where}`, parameters };
}

function everyRow(table: SQLiteTable, chunk: Chunk): { where: string; parameters: readonly SQLiteValue[] } {
  if (table.rowid === undefined) return keyRange(table, chunk);
  const { low, high } = rowRange(chunk);
  return { where: `t.${identifier(table.rowid)} BETWEEN ?1 AND ?2`, parameters: [low, high] };
}

function singleRows(
  table: SQLiteTable,
  from: string,
  { encoding, parameters }: { encoding: Introspection["encoding"]; parameters: readonly SQLiteValue[] },
): SingleRows {
  const columns = table.columns.map((column) => ({ ...column, sql: `t.${identifier(column.name)}` }));
  const classes = columns.map(({ sql }) => `substr(typeof(${sql}), 1, 1)`);
  const values = columns.map(
    ({ sql, textual }) => `CASE WHEN typeof(${sql}) IN ('text', 'blob') THEN CAST(${sql} AS BLOB)
WHEN ${sql} IS NOT NULL THEN ${numberText(sql, textual)} END`,
  );
  return {
    kind: "single",
    sql: `SELECT ${joined("''", classes)}, ${values.join(", ")} FROM ${from}`,
    columns: table.columns.map(({ name, type }) => ({ name, bytes: holdsBytes(type) })),
    encoding,
    parameters,
  };
}
