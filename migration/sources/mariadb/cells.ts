import type { ColumnDefinition } from "./introspection.ts";
import { name as quoted, text } from "./sql.ts";

/**
 * A column as it is staged. `plain` ones need no escaping and are always sound; the bytes of `text` ones may be
 * anything; `bytes` stand as hex.
 */
export interface Cell {
  readonly name: string;
  /** The column itself in SQL, which is NULL only where nothing is stored. */
  readonly own: string;
  readonly kind: "plain" | "text" | "bytes";
  /** Its text in SQL, not escaped yet; NULL where the value is. */
  readonly text: string;
  /** Its bytes in SQL: for `bytes` as they are stored, for the others those of its text. */
  readonly stored: string;
  readonly notNull: boolean;
}

const binaryTypes = new Set(["binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob", "vector"]);
const spatialTypes =
  /^(geometry|point|linestring|polygon|multipoint|multilinestring|multipolygon|geometrycollection|geomcollection)$/;
const plainTypes = /^(tinyint|smallint|mediumint|int|bigint|decimal|date|datetime|timestamp|time)$/;

/** How a column is staged. */
export function cellOf(column: ColumnDefinition): Cell {
  const { name, base, charset, zerofill, notNull } = column;
  const own = `t.${quoted(name)}`;
  const plain = (sql: string): Cell => ({ name, own, kind: "plain", text: sql, stored: sql, notNull });
  if (binaryTypes.has(base) || spatialTypes.test(base)) {
    return { name, own, kind: "bytes", text: `HEX(${own})`, stored: own, notNull };
  }
  // As they stand, FLOAT shows six digits and FLOAT(M,D) shows D places; a product is a double, with all its digits.
  if (base === "float" || base === "double") return plain(`${own} * 1e0`);
  // BIT stands as its bytes, YEAR with leading zeros, and so does ZEROFILL.
  if (base === "bit" || base === "year" || zerofill) return plain(`${own} + 0`);
  if (plainTypes.test(base)) return plain(own);
  const unicode = charset === "utf8mb4" ? own : `CONVERT(${own} USING utf8mb4)`;
  // One collation for all, or a text of several would have none.
  const sql = `${unicode} COLLATE utf8mb4_bin`;
  return { name, own, kind: "text", text: sql, stored: sql, notNull };
}

/** Characters with a meaning in a form, and what stands for each. */
const escapes = {
  copy: [
    ["\\", "\\\\"],
    ["\t", "\\t"],
    ["\n", "\\n"],
    ["\r", "\\r"],
  ],
  canonical: [
    ["\\", "\\\\"],
    ["|", "\\p"],
  ],
} as const;

/** Length in bytes from which REPLACE is left alone: for each find it moves all of the text that follows. */
const longText = 256;

function escaped(sql: string, form: "copy" | "canonical"): string {
  const pattern = (character: string): string => text(`[${character === "\\" ? "\\\\" : character}]`);
  const short = escapes[form].reduce((inner, [from, to]) => `REPLACE(${inner}, ${text(from)}, ${text(to)})`, sql);
  const long = escapes[form].reduce(
    (inner, [from, to]) => `REGEXP_REPLACE(${inner}, ${pattern(from)}, ${text(to.replaceAll("\\", "\\\\"))})`,
    `CAST(${sql} AS BINARY)`,
  );
  return `IF(LENGTH(${sql}) > ${longText.toString()}, ${long}, ${short})`;
}

/**
 * An SQL text of several values between separators, a missing value as `\N`. It is NULL when it, or a part, is longer
 * than the server makes texts: no function here hides a NULL that is not stored.
 */
export function joined(
  cells: readonly Pick<Cell, "own" | "kind" | "text" | "notNull">[],
  form: "copy" | "canonical",
): string {
  const separator = form === "copy" ? "\t" : "|";
  const parts = cells.map(({ own, kind, text: sql, notNull }) => {
    const shown = kind === "text" ? escaped(sql, form) : sql;
    return notNull ? shown : `IF(${own} IS NULL, ${text("\\N")}, ${shown})`;
  });
  return `CONCAT(${parts.join(`, ${text(separator)}, `)})`;
}

/** The line that is staged of a row whose bytes are sound, in SQL. */
export const stagedLine = (cells: readonly Cell[]): string => joined([...cells, noOdd], "copy");

/** The canonical text of the same, in SQL. */
export const canonicalText = (cells: readonly Cell[]): string => joined([...cells, noOdd], "canonical");

const noOdd = { own: "NULL", kind: "plain", text: text("\\N"), notNull: true } as const;
