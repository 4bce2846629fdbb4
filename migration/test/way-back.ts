import type { TestDatabase } from "../../test/services/services.ts";
import { isView, keyColumns, sourceColumns } from "../plans/columns.ts";
import { inverseOf } from "../plans/inverse.ts";
import { mappedTables, type Plan } from "../plans/plan.ts";
import { identifier } from "../sql/quote.ts";
import { ask } from "./landing.ts";

/**
 * Goes the plan's way back from what has landed, and compares with the PostgreSQL source: `table key column: there, back`
 * for each value that is not what it was. What the plan calls lost, and what needs a legacy table, is not looked at.
 */
export async function lostOnTheWayBack(plan: Plan, source: TestDatabase, target: TestDatabase): Promise<string[]> {
  const differences: string[] = [];
  for (const table of mappedTables(plan)) {
    if (isView(plan, table)) continue;
    const types = sourceColumns(plan, table.source);
    const ways = inverseOf(plan, table).filter(({ sql }) => sql !== undefined && !sql.includes("django_content_type"));
    // Of a json the values are promised, and not their order and spaces: only what kept its text can be compared.
    const compared = (column: string, sql: string): string => {
      const text = types[column] === "json" ? `translate((${sql})::text, ' ', '')` : `(${sql})::text`;
      return `${text} AS ${identifier(column)}`;
    };
    const key = keyColumns(table).map((column) => `${identifier(column)}::text`);
    const there = await ask<Record<string, string | null>>(
      source,
      `SELECT ${key.join(" || ':' || ")} AS "~key", ${ways.map(({ column }) => compared(column, identifier(column))).join(", ")} FROM ${identifier(table.source)}`,
    );
    const back = await ask<Record<string, string | null>>(
      target,
      `SELECT legacy_id AS "~key", ${ways.map(({ column, sql = "" }) => compared(column, sql)).join(", ")}
       FROM ${identifier(table.target)} WHERE source_system = '${plan.system}'`,
    );
    const byKey = new Map(there.map((row) => [row["~key"], row]));
    for (const row of back) {
      for (const { column } of ways) {
        const [was, is] = [byKey.get(row["~key"])?.[column], row[column]];
        if (was !== is)
          differences.push(`${table.source} ${String(row["~key"])} ${column}: ${String(was)}, ${String(is)}`);
      }
    }
  }
  return differences;
}
