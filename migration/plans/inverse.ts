import { windowStart, type FoldedTable, type MappedTable, type Plan } from "./plan.ts";

/** How a legacy column is had again from the target. */
export interface Inverse {
  readonly column: string;
  readonly sql?: string;
  /** Why the value, or some values, cannot be had again. */
  readonly lossy?: string;
}

/** The way back of each legacy column of a carried table; those without one are left out. */
export function inverseOf(plan: Plan, table: MappedTable | FoldedTable): Inverse[] {
  const given = new Map(Object.entries(table.back ?? {}));
  const found: Inverse[] = [];
  for (const [column, type] of Object.entries(plan.shape[table.source] ?? {})) {
    const back = given.get(column);
    if (typeof back === "string") found.push({ column, sql: back });
    else if (back !== undefined) found.push({ column, lossy: back.lossy });
    else if (table.disposition === "mapped") {
      const plain = plainInverse(plan, table, { column, type });
      if (plain !== undefined) found.push(plain);
    }
  }
  return found;
}

function plainInverse(plan: Plan, table: MappedTable, source: { column: string; type: string }): Inverse | undefined {
  const dropped = table.dropped?.[source.column];
  if (dropped !== undefined) return { column: source.column, lossy: dropped };
  const entry = Object.entries(table.columns).find(
    ([, value]) => value.kind !== "computed" && value.column === source.column,
  );
  if (entry === undefined) return undefined;
  const [target, value] = entry;
  const sql =
    value.kind === "copy"
      ? `${target}::${source.type}`
      : `(${target} - ${windowStart(plan).toString()})::${source.type}`;
  const repairs = (table.repairs ?? []).filter(({ column }) => column === target).map(({ name }) => name);
  return repairs.length === 0
    ? { column: source.column, sql }
    : { column: source.column, sql, lossy: `where it was repaired (${repairs.join(", ")})` };
}
