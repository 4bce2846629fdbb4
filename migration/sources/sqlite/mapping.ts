import type { Plan, MappedTable } from "../../plans/plan.ts";
import { directTable, identifiersEnd, type DirectTable, type DirectType, type DirectValue } from "../direct.ts";
import type { SourceCatalogue } from "../source.ts";
import { missing, special } from "./relation.ts";
import { identifier, literal } from "./quote.ts";
import type { Marks } from "./marks.ts";

const readableTypes: readonly DirectType[] = [
  "text",
  "boolean",
  "smallint",
  "integer",
  "bigint",
  "date",
  "timestamptz",
];

/** How a table of a SQLite database goes straight into the target; undefined where it must be staged. */
export function directMapping(plan: Plan, table: MappedTable, catalogue: SourceCatalogue): DirectTable | undefined {
  const direct = directTable(plan, table, { catalogue, readable: (_, type) => readableTypes.includes(type) });
  // What a chunk is cut by must be the rows' own number: an INTEGER PRIMARY KEY.
  const key = catalogue.tables.get(table.source)?.columns.get(direct?.key ?? "");
  return key?.type === "integer" && catalogue.encoding === "UTF-8" ? direct : undefined;
}

/** Whether a table's rows can be sent straight into the target, should a survey find them clean. */
export const canGoDirect = (plan: Plan, table: MappedTable, catalogue: SourceCatalogue): boolean =>
  directMapping(plan, table, catalogue) !== undefined;

/** The lowest and the highest value of PostgreSQL's integer types. */
export const bounds = {
  smallint: ["-32768", "32767"],
  integer: ["-2147483648", "2147483647"],
  bigint: ["-9223372036854775808", "9223372036854775807"],
} as const;

/** The legacy column of a value. */
export const column = (value: { column: string }): string => `t.${identifier(value.column)}`;

/** Condition that a value is a legacy identifier that a window has room for. */
export const inWindow = (sql: string): string => `${sql} BETWEEN 0 AND ${(identifiersEnd - 1).toString()}`;

/** A value as PostgreSQL prints it; what is not clean is marked special, or fails in PostgreSQL, but never passes for another. */
export function directText(value: DirectValue, marks: Marks): string {
  if (value.kind === "constant") return value.text === null ? missing(marks) : literal(value.text);
  const sql = column(value);
  const none = `WHEN ${sql} IS NULL THEN ${missing(marks)} ELSE ${special(marks)} END`;
  switch (value.kind) {
    case "id":
    case "reference":
      return `CASE WHEN ${inWindow(sql)} THEN ${value.start.toString()} + ${sql} ${none}`;
    case "key":
      return `CASE WHEN ${inWindow(sql)} THEN ${sql} ${none}`;
    case "copy":
      return `CASE ${plainText(sql, value.type)} ${none}`;
  }
}

function plainText(sql: string, type: DirectType): string {
  switch (type) {
    case "boolean":
      return `WHEN ${sql} = 0 THEN 'false' WHEN ${sql} = 1 THEN 'true'`;
    case "smallint":
    case "integer":
    case "bigint":
      return `WHEN ${sql} BETWEEN ${bounds[type][0]} AND ${bounds[type][1]} THEN ${sql}`;
    case "timestamptz":
      return `WHEN length(${sql}) = 19 THEN ${sql} || '+00'
WHEN length(${sql}) > 20 THEN rtrim(rtrim(${sql}, '0'), '.') || '+00'`;
    case "text":
    case "date":
    case "numeric":
      return `WHEN ${sql} COLLATE BINARY >= '' AND ${sql} COLLATE BINARY < x'' THEN ${sql}`;
  }
}
