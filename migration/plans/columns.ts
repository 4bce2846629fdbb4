import type { MappedTable, Plan, Value } from "./plan.ts";

/** A column that a plan fills, with the type that its expression is cast to. */
export interface TargetColumn {
  readonly name: string;
  readonly type: string;
}

const typeOf = (value: Value): string => (value.kind === "id" || value.kind === "reference" ? "bigint" : value.type);

/** The columns of a mapped table's COPY, in order: the plan's own, then where the row came from. */
export function targetColumns(table: MappedTable): TargetColumn[] {
  const own = Object.entries(table.columns).map(([name, value]) => ({ name, type: typeOf(value) }));
  return [...own, { name: "source_system", type: "text" }, { name: "legacy_id", type: "text" }];
}

/** The type of a legacy column as the plan expects it. */
export function sourceType(plan: Plan, table: string, column: string): string {
  const type = plan.shape[table]?.[column];
  if (type === undefined) throw new Error(`The plan of ${plan.system} has no column ${table}.${column}.`);
  return type;
}
