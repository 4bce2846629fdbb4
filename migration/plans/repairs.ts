import {
  identityOf,
  isStagedTable,
  keyColumns,
  parentOf,
  targetColumns,
  type Identity,
  type TargetColumn,
} from "./columns.ts";
import type { FoldedTable, MappedTable, Plan, Reject, Repair, Value } from "./plan.ts";

/** A repair as the engine makes it: the plan's, or one that follows from the plan. */
export interface EffectiveRepair extends Repair {
  /** The legacy columns whose values are kept in `legacy_extra` where it is made. */
  readonly keeps: readonly string[];
}

const named = (column: string, suffix: string): string => `${column.replaceAll("_", "-")}-${suffix}`;

/** The legacy columns of the driving table that a value is made of. */
export function ownColumns(value: Value | undefined): readonly string[] {
  if (value === undefined) return [];
  if (value.kind !== "computed") return [value.column];
  return value.from.filter((column) => !column.includes("."));
}

/** The alias by which a mapping joins the row that a reference points to, where the row can do without it. */
export const danglingAlias = (target: string): string => `parent_of_${target}`;

/** References that are left empty where they point nowhere, by the target column that they fill. */
export function clearedReferences(
  table: MappedTable,
): { readonly name: string; readonly value: Extract<Value, { kind: "reference" }> }[] {
  return Object.entries(table.columns).flatMap(([name, value]) =>
    value.kind === "reference" && value.missing === "clear" ? [{ name, value }] : [],
  );
}

/** Every repair of a table: the plan's own, empty references, and in staged tables what cannot be read or was spelled otherwise. */
export function repairsOf(plan: Plan, table: MappedTable): EffectiveRepair[] {
  const own = (table.repairs ?? []).map((repair) => ({ ...repair, keeps: ownColumns(table.columns[repair.column]) }));
  const dangling = clearedReferences(table).map(({ name, value }) => ({
    name: named(value.column, "dangling"),
    column: name,
    when: `t."${value.column}" IS NOT NULL AND "${danglingAlias(name)}"."~key" IS NULL`,
    then: "NULL",
    reason: `${value.column} points to a row of ${value.to} that did not land, and is left empty`,
    keeps: [value.column],
  }));
  const all = distinct([...own, ...dangling, ...stagedRepairs(plan, table)]);
  const untouched = plainCopies(table, all);
  return all.map((repair) => ({ ...repair, keeps: repair.keeps.filter((column) => !untouched.has(column)) }));
}

/** Legacy columns that some column here has as they are, whatever is repaired: they need not be kept a second time. */
function plainCopies(table: MappedTable, repairs: readonly EffectiveRepair[]): Set<string> {
  return new Set(
    Object.entries(table.columns).flatMap(([name, value]) =>
      value.kind === "copy" && !repairs.some(({ column }) => column === name) ? [value.column] : [],
    ),
  );
}

function stagedRepairs(plan: Plan, table: MappedTable): EffectiveRepair[] {
  if (!isStagedTable(plan, table)) return [];
  return Object.entries(table.columns).flatMap(([name, value]) =>
    ownColumns(value).flatMap((column) => {
      const wish = table.unreadable?.[column];
      if (wish === "reject" || isRequired(table, value, column)) return [];
      const odd = `'${column}' = ANY (t."~faults")`;
      const plain = value.kind === "copy";
      const lost: EffectiveRepair = {
        name: named(column, "unreadable"),
        column: name,
        when: `${odd} AND t."${column}" IS NULL`,
        ...(plain ? { then: wish?.then ?? "NULL" } : {}),
        reason: wish?.reason ?? `${column} is no value of its type, and is left empty`,
        keeps: [column],
      };
      const respelled: EffectiveRepair = {
        name: named(column, "respelled"),
        column: name,
        when: `${odd} AND t."${column}" IS NOT NULL`,
        reason: `${column} was not written as values of its type are, and is taken for what it says`,
        keeps: [column],
      };
      return [lost, respelled];
    }),
  );
}

const isRequired = (table: MappedTable, value: Value, column: string): boolean =>
  keyColumns(table).includes(column) ||
  value.kind === "id" ||
  value.kind === "named" ||
  (value.kind === "reference" && value.missing === "reject");

/** The quarantine rules of a table: the plan's own, and in staged tables what must be readable and is not. */
export function rejectsOf(plan: Plan, table: MappedTable | FoldedTable): Reject[] {
  const own = table.rejects ?? [];
  if (table.disposition === "folded" || !isStagedTable(plan, table)) return [...own];
  const wished = Object.entries(table.unreadable ?? {}).flatMap(([column, wish]) =>
    wish === "reject" ? [column] : [],
  );
  const required = Object.values(table.columns).flatMap((value) =>
    ownColumns(value).filter((column) => isRequired(table, value, column)),
  );
  const unreadable = [...new Set([...keyColumns(table), ...required, ...wished])].map((column) => ({
    name: named(column, "unreadable"),
    when: `'${column}' = ANY (t."~faults") AND t."${column}" IS NULL`,
    reason: `${column} is no value of its type`,
  }));
  return [...unreadable, ...own];
}

/** A name is one repair's: of several columns made from one legacy column, each but the first says which it is. */
function distinct(repairs: readonly EffectiveRepair[]): EffectiveRepair[] {
  const taken = new Set<string>();
  return repairs.map((repair) => {
    const name = taken.has(repair.name) ? `${repair.name}-in-${repair.column.replaceAll("_", "-")}` : repair.name;
    taken.add(name);
    return { ...repair, name };
  });
}

/** Whether rows of a table may have a `legacy_extra`. */
export const keepsExtra = (plan: Plan, table: MappedTable): boolean =>
  (table.extra ?? []).length > 0 || repairsOf(plan, table).some(({ keeps }) => keeps.length > 0);

/** All columns of a mapped table's COPY, in order. */
export function landedColumns(plan: Plan, table: MappedTable): TargetColumn[] {
  const columns = targetColumns(plan, table);
  return keepsExtra(plan, table) ? [...columns, { name: "legacy_extra", type: "jsonb" }] : columns;
}

/** How the identifier that a reference points to is made of the legacy key. */
export const referenceIdentity = (plan: Plan, value: Extract<Value, { kind: "reference" }>): Identity => {
  const identity = identityOf(parentOf(plan, value));
  if (identity === undefined)
    throw new Error(`The plan of ${plan.system} refers by ${value.column} to ${value.to}, whose key no column takes.`);
  return identity.value;
};
