import {
  isStagedTable,
  keyOf,
  namedIdentifier,
  oddColumn,
  sourceType,
  targetColumns,
  type Identity,
} from "../../plans/columns.ts";
import { windowStart, type MappedTable, type Plan, type Value } from "../../plans/plan.ts";
import {
  clearedReferences,
  danglingAlias,
  keepsExtra,
  referenceIdentity,
  repairsOf,
  type EffectiveRepair,
} from "../../plans/repairs.ts";
import { identifier, literal } from "../../sql/quote.ts";
import { sourceRange, type Chunk } from "../../sql/range.ts";
import { inWindow, landing, ofStored, relation, type Place, type Rejected } from "./place.ts";

/** A value as an expression over the driving table `t` and its joins. */
function expression(plan: Plan, value: Value): string {
  if (value.kind === "computed") return `(${value.sql})::${value.type}`;
  const column = `t.${identifier(value.column)}`;
  return identityExpression(plan, value.kind === "reference" ? referenceIdentity(plan, value) : value, column);
}

/** A legacy key, held by `column`, as the target knows it. */
function identityExpression(plan: Plan, identity: Identity, column: string): string {
  switch (identity.kind) {
    case "id":
      return `${windowStart(plan).toString()} + ${column}::bigint`;
    case "named":
      return namedIdentifier(plan, `${column}::text`);
    case "copy":
      return `${column}::${identity.type}`;
  }
}

/** The columns of a mapped table, each cast to its type and repaired, under the target's names and in COPY's order. */
export function mappedColumns(place: Place, table: MappedTable): string[] {
  const { plan } = place;
  const repairs = repairsOf(plan, table);
  const columns = targetColumns(plan, table).map(({ name, type }) => {
    const value = table.columns[name];
    if (value === undefined) {
      const sql = name === "source_system" ? literal(plan.system) : `t.${identifier(keyOf(table))}`;
      return `${sql}::text AS ${identifier(name)}`;
    }
    const plain = expression(plan, value);
    const cases = repairs
      .filter(({ column }) => column === name)
      .flatMap(({ when, then }) => (then === undefined ? [] : [`WHEN ${when} THEN ${then}::${type}`]));
    const sql = cases.length === 0 ? plain : `CASE ${cases.join(" ")} ELSE ${plain} END`;
    return `${inWindow(plan, withShared(table, sql))} AS ${identifier(name)}`;
  });
  return keepsExtra(plan, table)
    ? [...columns, `${withShared(table, extraOf(place, table, repairs))} AS "legacy_extra"`]
    : columns;
}

/** What is worked out once a row for all that hold it. */
const sharedOf = (table: MappedTable) =>
  Object.entries(table.columns).flatMap(([name, value]) =>
    value.kind === "computed" && value.once === true ? [{ name, sql: value.sql }] : [],
  );

/** An expression over the driving table that takes what is shared from where it is worked out. */
export const withShared = (table: MappedTable, expression: string): string =>
  sharedOf(table).reduce((text, { name, sql }) => text.replaceAll(sql, `shared.${identifier(name)}`), expression);

/** Works out what is shared. OFFSET 0 keeps it from being put in wherever it is taken from. */
function sharedJoin(plan: Plan, table: MappedTable): string[] {
  const shared = sharedOf(table).map(({ name, sql }) => `${inWindow(plan, sql)} AS ${identifier(name)}`);
  return shared.length === 0 ? [] : [`CROSS JOIN LATERAL (SELECT ${shared.join(", ")} OFFSET 0) shared`];
}

/** What is kept of a row besides its columns: the plan's extra ones, and what was there before a repair. */
function extraOf(place: Place, table: MappedTable, repairs: readonly EffectiveRepair[]): string {
  const always = (table.extra ?? []).map((column) => ({ column, when: isStored(place, table, column) }));
  const replaced = new Set(
    repairs.flatMap(({ keeps }) => keeps).filter((column) => !(table.extra ?? []).includes(column)),
  );
  const repaired = [...replaced].map((column) => ({
    column,
    when: repairs
      .filter(({ keeps }) => keeps.includes(column))
      .map(({ when }) => `(${when})`)
      .join(" OR "),
  }));
  const kept = [...always, ...repaired].map(({ column, when }) => ({
    when,
    part: `jsonb_build_object(${literal(column)}, ${storedValue(place, table, column)})`,
  }));
  // Most rows keep nothing, and cost no more than the question.
  const parts =
    kept.length === 1
      ? kept.map(({ part }) => part)
      : kept.map((one) => `CASE WHEN ${one.when} THEN ${one.part} ELSE '{}' END`);
  return `CASE WHEN ${kept.map(({ when }) => when).join(" OR ")} THEN ${parts.join(" || ")} END`;
}

/**
 * A legacy value as JSON, as it was stored. A `json` goes as text: what it holds, a jsonb may be unable to. What no text
 * shows is an object with its `bytes` in hex.
 */
function storedValue(place: Place, table: MappedTable, column: string): string {
  const { plan } = place;
  const own = `t.${identifier(column)}`;
  // A view's columns are values by now; only a staged table has its row as it was stored.
  if (isStagedTable(plan, table)) {
    const odd = `r.${identifier(oddColumn)}::jsonb`;
    const bytes = `CASE WHEN ${odd} ? ${literal(column)} THEN jsonb_build_object('bytes', ${odd} -> ${literal(column)})`;
    return ofStored(place, table.source, `${bytes} ELSE to_jsonb(r.${identifier(column)}) END`);
  }
  return sourceType(plan, table.source, column) === "json" ? `to_jsonb(${own}::text)` : `to_jsonb(${own})`;
}

/** Whether a row has a value in a legacy column, as it was stored. */
function isStored({ plan }: Place, table: MappedTable, column: string): string {
  const there = `t.${identifier(column)} IS NOT NULL`;
  return isStagedTable(plan, table) ? `(${there} OR ${literal(column)} = ANY (t."~faults"))` : there;
}

/** The driving table and its joins. A join finds at most one row, so that no row of the driving table doubles. */
export function fromTables(place: Place, table: MappedTable, rejected: Rejected): string {
  const joins = (table.joins ?? []).map(
    ({ table: other, as, key, column }) =>
      `LEFT JOIN ${relation(place, other)} ${as} ON ${as}.${identifier(key)} = t.${identifier(column)}`,
  );
  const parents = clearedReferences(table).map(({ name, value }) => {
    const parent = place.plan.tables.find(({ source }) => source === value.to);
    if (parent?.disposition !== "mapped") throw new Error(`${table.source}.${value.column} refers to ${value.to}.`);
    const rows = `SELECT p.${identifier(keyOf(parent))} AS "~key" FROM ${landing(place, parent, rejected)} p`;
    const alias = identifier(danglingAlias(name));
    return `LEFT JOIN (${rows}) ${alias} ON ${alias}."~key" = t.${identifier(value.column)}`;
  });
  return [`${relation(place, table.source)} t`, ...joins, ...parents, ...sharedJoin(place.plan, table)].join("\n");
}

/** What of a chunk lands, as the rows that it lands as. */
export function mappingSelect(place: Place, table: MappedTable, of: { chunk: Chunk; rejected: Rejected }): string {
  const rejected = of.rejected.get(table.source);
  const held =
    rejected === undefined
      ? ""
      : `\nAND NOT EXISTS (SELECT FROM (${rejected}) x WHERE x.key = t.${identifier(keyOf(table))})`;
  return `SELECT ${mappedColumns(place, table).join(",\n  ")}
FROM ${fromTables(place, table, of.rejected)}
WHERE ${sourceRange(table.range, of.chunk)}${held}`;
}
