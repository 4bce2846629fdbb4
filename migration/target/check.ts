import { isStaged, isView } from "../plans/columns.ts";
import { landedColumns, repairsOf } from "../plans/repairs.ts";
import { mappedTables, type MappedTable, type Plan } from "../plans/plan.ts";
import type { SourceCatalogue, TargetConstraint } from "../sources/source.ts";
import type { TargetTable } from "./catalogue.ts";

const provenance = ["source_system", "legacy_id"];

/** Everything that keeps a plan from filling the target's tables; empty when the two fit. */
export function checkTarget(plan: Plan, tables: ReadonlyMap<string, TargetTable>): string[] {
  return mappedTables(plan).flatMap((table) => {
    const target = tables.get(table.target);
    if (target === undefined) return [`target table ${table.target} does not exist`];
    return checkTable(plan, table, target).map((fault) => `${table.target}: ${fault}`);
  });
}

function checkTable(plan: Plan, table: MappedTable, target: TargetTable): string[] {
  const faults: string[] = [];
  const filled = new Set(landedColumns(plan, table).map(({ name }) => name));
  for (const name of filled) if (!target.columns.has(name)) faults.push(`there is no column ${name}`);
  for (const [name, { notNull, filledByDefault }] of target.columns) {
    if (notNull && !filledByDefault && !filled.has(name))
      faults.push(`column ${name} must have a value, and the plan gives none`);
  }
  for (const { name, columns, to } of target.foreignKeys) {
    const column = columns.find((one) => filled.has(one) && !provenance.includes(one));
    if (column === undefined) continue;
    const value = table.columns[column];
    const parent = mappedTables(plan).find(({ source }) => value?.kind === "reference" && source === value.to);
    if (columns.length > 1 || parent?.target !== to) faults.push(`${name} needs ${column} to be a reference to ${to}`);
  }
  for (const { name, columns } of target.unique) {
    const own = columns.filter((column) => !provenance.includes(column));
    // The legacy key is unique in the source, and so is whatever is made of it alone.
    const byKey = own.some((column) => table.columns[column]?.kind !== "computed" && isKey(table, column));
    const declared = (table.unique ?? []).some((key) => key.every((column) => own.includes(column)));
    if (own.length > 0 && own.every((column) => filled.has(column)) && !byKey && !declared) {
      faults.push(`${name} keeps ${own.join(", ")} unique, and the plan does not say so`);
    }
  }
  return faults;
}

function isKey(table: MappedTable, column: string): boolean {
  const value = table.columns[column];
  return value !== undefined && value.kind !== "computed" && value.column === table.key;
}

/** Bytes of text that an entry of a B-tree index surely holds beside a system's name and some numbers. */
const longestEntry = 2600;

/**
 * The target's CHECKs, NOT NULLs and sizes of index entries that a row of this table could break, as a net under the plan's
 * own rules.
 */
export function constraintsFor(
  plan: Plan,
  table: MappedTable,
  of: { target: TargetTable; catalogue: SourceCatalogue },
): TargetConstraint[] {
  const { target, catalogue } = of;
  const filled = new Set(landedColumns(plan, table).map(({ name }) => name));
  const checks = target.checks.filter(
    ({ columns }) =>
      columns.every((column) => filled.has(column)) && !columns.every((column) => provenance.includes(column)),
  );
  const present = [...target.columns]
    .filter(([name, { notNull }]) => notNull && filled.has(name) && mayBeNull(plan, table, { name, catalogue }))
    .map(([name]) => ({ name: `${name}-not-null`, expression: `"${name}" IS NOT NULL` }));
  const sizes = target.textIndexes.flatMap(({ name, columns }) => {
    const own = columns.filter((column) => filled.has(column) && mayBeLong(plan, table, { name: column, catalogue }));
    if (own.length === 0) return [];
    const bytes = own.map((column) => `coalesce(octet_length("${column}"), 0)`).join(" + ");
    const longest = { columns: own, bytes: longestEntry };
    return [{ name: `${name}-too-long`, expression: `${bytes} <= ${longestEntry.toString()}`, longest }];
  });
  return [...present, ...checks.map(({ name, expression }) => ({ name, expression })), ...sizes];
}

/** Whether a text may be too long for an index, as far as its source says. The legacy key has rules of its own. */
function mayBeLong(plan: Plan, table: MappedTable, of: { name: string; catalogue: SourceCatalogue }): boolean {
  if (provenance.includes(of.name)) return false;
  const value = table.columns[of.name];
  if (value?.kind !== "copy" || isStaged(plan) || isView(plan, table)) return true;
  const type = of.catalogue.tables.get(table.source)?.columns.get(value.column)?.type ?? "";
  const characters = /^character varying\((\d+)\)$/.exec(type)?.[1];
  return characters === undefined || 4 * Number(characters) > longestEntry;
}

function mayBeNull(plan: Plan, table: MappedTable, of: { name: string; catalogue: SourceCatalogue }): boolean {
  const { name, catalogue } = of;
  const value = table.columns[name];
  if (value === undefined) return false;
  if (value.kind === "computed" || isStaged(plan) || isView(plan, table)) return true;
  if (repairsOf(plan, table).some(({ column }) => column === name)) return true;
  return catalogue.tables.get(table.source)?.columns.get(value.column)?.notNull !== true;
}
