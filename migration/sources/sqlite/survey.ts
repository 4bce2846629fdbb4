import { textsIn, type DirectTable, type DirectType, type DirectValue } from "../direct.ts";
import { wholeTable } from "../../sql/range.ts";
import type { LongestEntry } from "../source.ts";
import type { SQLiteTable } from "./introspection.ts";
import { bounds, column, inWindow } from "./mapping.ts";
import type { SurveyPassage } from "./protocol.ts";
import { identifier } from "./quote.ts";
import { joined, stepsThrough } from "./relation.ts";

type Tables = ReadonlyMap<string, SQLiteTable>;

/** One passage over a table that counts its rows, and those that need more than the plain conversion. */
export function surveyPassage(
  direct: DirectTable,
  table: SQLiteTable,
  of: { tables: Tables; longest: readonly LongestEntry[] },
): SurveyPassage {
  const values = direct.columns.map(({ value }) => uncleanValue(value, of.tables)).filter((one) => one !== "false");
  const unclean = [...values, ...of.longest.flatMap((entry) => tooLong(direct, entry))];
  const condition = unclean.length === 0 ? "false" : unclean.map((one) => `(${one})`).join(" OR ");
  const texts = direct.columns.flatMap(({ value }) =>
    value.kind === "copy" && value.type === "text" ? [column(value)] : [],
  );
  const text = texts.length === 0 ? "NULL" : joined("char(10)", texts);
  const rows = `count(*), CAST(group_concat(${text}, char(10)) AS BLOB), count(CASE WHEN ${condition} THEN 1 END)`;
  const steps = stepsThrough(table, wholeTable, rows);
  return {
    name: `table ${table.name}`,
    steps,
    single: steps.rows.replace(rows, () => `${condition}, CAST(${text} AS BLOB)`),
  };
}

/** Condition that texts are longer together than an entry of an index. */
function tooLong(direct: DirectTable, entry: LongestEntry): string[] {
  const bytes = textsIn(direct, entry).map((text) => `coalesce(octet_length(t.${identifier(text)}), 0)`);
  return bytes.length === 0 ? [] : [`${bytes.join(" + ")} > ${entry.bytes.toString()}`];
}

/** Condition that a stored value needs more than the plain conversion; missing values are clean. */
function uncleanValue(value: DirectValue, tables: Tables): string {
  if (value.kind === "constant") return "false";
  const sql = column(value);
  const integer = `typeof(${sql}) = 'integer'`;
  switch (value.kind) {
    case "id":
    case "key":
      return `(${integer} AND ${inWindow(sql)}) IS NOT TRUE`;
    case "reference": {
      const { table, key } = value.parent;
      // A parent that is found by its row's number costs least, and is an integer for sure.
      if (tables.get(table)?.rowid !== key) return "true";
      const parent = `EXISTS (SELECT 1 FROM ${identifier(table)} p WHERE p.${identifier(key)} = ${sql})`;
      return `${sql} IS NOT NULL AND (${integer} AND ${inWindow(sql)} AND ${parent}) IS NOT TRUE`;
    }
    case "copy":
      return `${sql} IS NOT NULL AND (${cleanText(sql, value.type)}) IS NOT TRUE`;
  }
}

// A modifier makes SQLite work out the day, so that one that does not exist comes out as another.
function cleanText(sql: string, type: DirectType): string {
  const isText = `typeof(${sql}) = 'text'`;
  switch (type) {
    case "boolean":
      return `typeof(${sql}) = 'integer' AND ${sql} IN (0, 1)`;
    case "smallint":
    case "integer":
    case "bigint":
      return `typeof(${sql}) = 'integer' AND ${sql} BETWEEN ${bounds[type][0]} AND ${bounds[type][1]}`;
    case "text":
      return isText;
    case "numeric":
      return "false";
    case "date":
      return `${isText} AND substr(${sql}, 1, 4) > '0000' AND date(${sql}, '+0 days') = ${sql} AND ${ofBytes(sql, "10")}`;
    case "timestamptz": {
      const whole = `substr(${sql}, 1, 19)`;
      const fraction = `substr(${sql}, 21)`;
      return `${isText} AND substr(${sql}, 1, 4) > '0000' AND datetime(${whole}, '+0 days') = ${whole}
AND (${ofBytes(sql, "19")} OR (${ofBytes(sql, "21 AND 26")} AND substr(${sql}, 20, 1) = '.' AND ${fraction} NOT GLOB '*[^0-9]*'))`;
    }
  }
}

/** That a text has so many bytes, and no NUL byte among them, which ends a text for length(). */
const ofBytes = (sql: string, count: string): string =>
  `octet_length(${sql}) BETWEEN ${count.includes("AND") ? count : `${count} AND ${count}`} AND length(${sql}) = octet_length(${sql})`;
