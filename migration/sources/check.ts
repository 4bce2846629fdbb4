import { referencesOf } from "../plans/order.ts";
import { isView, keyColumns, keyOf } from "../plans/columns.ts";
import { carriedTables, type FoldedTable, type MappedTable, type Plan } from "../plans/plan.ts";
import type { SourceCatalogue } from "./source.ts";

/**
 * Everything in a source that its plan does not know or expects otherwise; empty when the two fit.
 *
 * @param ignored tables (`table`) and columns (`table.column`) that may be there unknown, and are left behind
 */
export function checkSource(
  plan: Plan,
  catalogue: SourceCatalogue,
  ignored: ReadonlySet<string> = new Set(),
): string[] {
  const faults: string[] = [...catalogue.beyond];
  if (catalogue.encoding === "SQL_ASCII") {
    faults.push(
      "the database has no encoding (SQL_ASCII), so that its texts cannot be told from bytes; convert it first",
    );
  }
  for (const [name, table] of catalogue.tables) {
    const shape = plan.shape[name];
    if (shape === undefined) {
      if (!ignored.has(name)) faults.push(`table ${name} is unknown to the plan`);
      continue;
    }
    for (const [column, { type }] of table.columns) {
      const expected = shape[column];
      if (expected === undefined) {
        if (!ignored.has(`${name}.${column}`)) faults.push(`column ${name}.${column} (${type}) is unknown to the plan`);
      } else if (plainType(type) !== expected) {
        faults.push(`column ${name}.${column} is ${type}; the plan expects ${expected}`);
      }
    }
    for (const column of Object.keys(shape)) {
      if (!table.columns.has(column)) faults.push(`column ${name}.${column} is missing`);
    }
  }
  for (const name of Object.keys(plan.shape)) if (!catalogue.tables.has(name)) faults.push(`table ${name} is missing`);
  return [...faults, ...checkKeys(plan, catalogue)];
}

/** A varchar's length says nothing about where its text can go. */
const plainType = (type: string): string => type.replace(/^character varying\(\d+\)$/, "character varying");

/** Keys that the move relies on must be unique in the source itself: a row of two cannot be told apart. */
function checkKeys(plan: Plan, catalogue: SourceCatalogue): string[] {
  const keys = new Set<string>();
  const faults: string[] = [];
  for (const table of carriedTables(plan)) {
    if (isView(plan, table)) continue;
    if (typeof table.key === "string") keys.add(`${table.source}.${table.key}`);
    else faults.push(...checkJoinedKey(table, catalogue));
    if (table.disposition === "mapped") for (const join of table.joins ?? []) keys.add(`${join.table}.${join.key}`);
    for (const { to } of referencesOf(table)) {
      const parent = carriedTables(plan).find(({ source }) => source === to);
      if (parent !== undefined && !isView(plan, parent)) keys.add(`${to}.${keyOf(parent)}`);
    }
  }
  const single = [...keys].flatMap((key) => {
    const [name = "", column = ""] = key.split(".");
    const table = catalogue.tables.get(name);
    if (!table?.columns.has(column)) return [];
    const unique = table.unique.some((columns) => columns.length === 1 && columns[0] === column);
    return unique ? [] : [`column ${key} is the table's key, but nothing keeps it unique; give it a primary key`];
  });
  return [...faults, ...single];
}

function checkJoinedKey(table: MappedTable | FoldedTable, catalogue: SourceCatalogue): string[] {
  const wanted = new Set(keyColumns(table));
  const found = catalogue.tables.get(table.source);
  if (found === undefined || [...wanted].some((column) => !found.columns.has(column))) return [];
  if (found.unique.some((columns) => columns.every((column) => wanted.has(column)))) return [];
  return [
    `columns ${[...wanted].join(", ")} are the key of ${table.source}, but nothing keeps them unique; give it a primary key`,
  ];
}

/** The plan's unique keys of a table that no unique key of the source implies. */
export function doubtfulKeys(table: MappedTable, catalogue: SourceCatalogue): (readonly string[])[] {
  const vouched = catalogue.tables.get(table.source)?.unique ?? [];
  return (table.unique ?? []).filter((columns) => {
    const sources = columns.map((column) => {
      const value = table.columns[column];
      return value === undefined || value.kind === "computed" ? undefined : value.column;
    });
    return !vouched.some((key) => key.every((column) => sources.includes(column)));
  });
}
