import { isStaged, keyColumns, parentOf, sourceType, type Identity } from "./columns.ts";
import { windowStart, type FoldedTable, type MappedTable, type Plan, type Value } from "./plan.ts";
import { referenceIdentity, repairsOf } from "./repairs.ts";

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
  for (const column of Object.keys(plan.shape[table.source] ?? {})) {
    const back = given.get(column);
    if (typeof back === "string") found.push({ column, sql: back });
    else if (back !== undefined) found.push({ column, lossy: back.lossy });
    else if (table.disposition === "mapped") {
      const plain = plainInverse(plan, table, { column, type: sourceType(plan, table.source, column) });
      if (plain !== undefined) found.push(plain);
    }
  }
  return found;
}

function plainInverse(plan: Plan, table: MappedTable, source: { column: string; type: string }): Inverse | undefined {
  const { column, type } = source;
  const dropped = table.dropped?.[column];
  if (dropped !== undefined) return { column, lossy: dropped };
  const stored = `(legacy_extra ->> '${column}')::${type}`;
  if ((table.extra ?? []).includes(column)) return { column, sql: stored };
  const entry = Object.entries(table.columns).find(([, value]) => value.kind !== "computed" && value.column === column);
  const plain = entry === undefined ? keyInverse(table, source) : valueInverse(plan, entry, type);
  if (plain === undefined) return undefined;
  // Where a repair was made, the old value is in legacy_extra.
  const repaired = repairsOf(plan, table).some(({ keeps }) => keeps.includes(column));
  if (!repaired) return { column, sql: plain };
  // What a foreign source has stored need not be a value of the column's type, so both are text.
  const sql = isStaged(plan)
    ? `CASE WHEN legacy_extra ? '${column}' THEN legacy_extra ->> '${column}' ELSE (${plain})::text END`
    : `CASE WHEN legacy_extra ? '${column}' THEN ${stored} ELSE ${plain} END`;
  return { column, sql };
}

/** A part of the key that no column takes is had from the legacy id. */
function keyInverse(table: MappedTable, { column, type }: { column: string; type: string }): string | undefined {
  const parts = keyColumns(table);
  if (!parts.includes(column)) return undefined;
  const position = parts.indexOf(column);
  if (parts.length === 1) return `legacy_id::${type}`;
  // Only the last part may have a colon in it.
  if (position === parts.length - 1)
    return `regexp_replace(legacy_id, '^([^:]*:){${position.toString()}}', '')::${type}`;
  return `split_part(legacy_id, ':', ${(position + 1).toString()})::${type}`;
}

function valueInverse(plan: Plan, [target, value]: readonly [string, Value], type: string): string | undefined {
  if (value.kind === "computed") return undefined;
  const identity: Identity = value.kind === "reference" ? referenceIdentity(plan, value) : value;
  switch (identity.kind) {
    case "copy":
      return `${target}::${type}`;
    case "id":
      return `(${target} - ${windowStart(plan).toString()})::${type}`;
    case "named":
      return value.kind === "reference"
        ? `(SELECT p.legacy_id FROM ${parentOf(plan, value).target} p WHERE p.id = ${target})::${type}`
        : `legacy_id::${type}`;
  }
}
