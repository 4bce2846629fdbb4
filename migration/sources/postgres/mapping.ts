import { targetColumns } from "../../plans/columns.ts";
import { windowStart, type MappedTable, type Plan, type Value } from "../../plans/plan.ts";
import { identifier, literal } from "../../sql/quote.ts";
import { sourceRange, type Chunk } from "../../sql/range.ts";

/** The relation `(key, verdict)` of the rows of a legacy table that go to quarantine; tables without any are absent. */
export type Rejected = ReadonlyMap<string, string>;

export const sourceTable = (name: string): string => `"public".${identifier(name)}`;

/** SQL with the start of the system's window put in. */
export const inWindow = (plan: Plan, sql: string): string => sql.replaceAll("{window}", windowStart(plan).toString());

/** A value as an expression over the driving table `t` and its joins. */
function expression(plan: Plan, value: Value): string {
  switch (value.kind) {
    case "id":
    case "reference":
      return `${windowStart(plan).toString()} + t.${identifier(value.column)}::bigint`;
    case "copy":
      return `t.${identifier(value.column)}::${value.type}`;
    case "computed":
      return `(${inWindow(plan, value.sql)})::${value.type}`;
  }
}

/** The columns of a mapped table, each cast to its type and repaired, under the target's names and in COPY's order. */
export function mappedColumns(plan: Plan, table: MappedTable): string[] {
  return targetColumns(table).map(({ name, type }) => {
    const value = table.columns[name];
    if (value === undefined) {
      const sql = name === "source_system" ? literal(plan.system) : `t.${identifier(table.key)}`;
      return `${sql}::text AS ${identifier(name)}`;
    }
    const repairs = (table.repairs ?? []).filter(({ column }) => column === name);
    const plain = expression(plan, value);
    if (repairs.length === 0) return `${plain} AS ${identifier(name)}`;
    const cases = repairs.map(({ when, then }) => `WHEN ${when} THEN ${then}::${type}`).join(" ");
    return `CASE ${cases} ELSE ${plain} END AS ${identifier(name)}`;
  });
}

/** The driving table and its joins. A join finds at most one row, so that no row of the driving table doubles. */
export const fromTables = (source: string, joins: MappedTable["joins"] = []): string =>
  [
    `${sourceTable(source)} t`,
    ...joins.map(
      ({ table, as, key, column }) =>
        `LEFT JOIN ${sourceTable(table)} ${as} ON ${as}.${identifier(key)} = t.${identifier(column)}`,
    ),
  ].join("\n");

/** What of a chunk lands, as the rows that it lands as. */
export function mappingSelect(plan: Plan, table: MappedTable, of: { chunk: Chunk; rejected: Rejected }): string {
  const rejected = of.rejected.get(table.source);
  const held =
    rejected === undefined
      ? ""
      : `\nAND NOT EXISTS (SELECT FROM (${rejected}) x WHERE x.key = t.${identifier(table.key)})`;
  return `SELECT ${mappedColumns(plan, table).join(",\n  ")}
FROM ${fromTables(table.source, table.joins)}
WHERE ${sourceRange(table.range, of.chunk)}${held}`;
}
