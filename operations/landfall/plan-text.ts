import type { Plan, PlanTable } from "@landfall/migration/plans/plan";
import { textTable, type TextColumn } from "./text-table.ts";

const columns: readonly TextColumn<PlanTable>[] = [
  { heading: "TABLE", cell: ({ source }) => source },
  { heading: "WHAT", cell: ({ disposition }) => (disposition === "dropped" ? "stays behind" : disposition) },
  { heading: "GOES TO", cell: (table) => placeOf(table) ?? "" },
  { heading: "WHY", cell: (table) => (table.disposition === "mapped" ? "" : table.reason) },
];

const placeOf = (table: PlanTable): string | undefined =>
  table.disposition === "mapped" ? table.target : table.disposition === "folded" ? table.into?.target : undefined;

/** Where each table of a system goes: for a person, or as one JSON object. */
export function describePlan(plan: Plan, json: boolean): string {
  const { system, engine } = plan;
  // Views are queries of the plan's own; what they read is a part of tables that stand here.
  const views = new Set((plan.views ?? []).map(({ name }) => name));
  const tables = plan.tables.filter(({ source }) => !views.has(source));
  if (!json)
    return `${textTable(columns, tables).join("\n")}\n\nlandfall plan ${system} --markdown has every column.\n`;
  const rows = tables.map((table) => ({
    source: table.source,
    disposition: table.disposition,
    target: placeOf(table) ?? null,
    ...(table.disposition === "mapped" ? {} : { reason: table.reason }),
  }));
  return `${JSON.stringify({ system, engine, tables: rows })}\n`;
}
