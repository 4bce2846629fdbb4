import type { FoldedTable, MappedTable, Plan } from "./plan.ts";
import { carriedTables } from "./plan.ts";

/** A legacy column that points to a row of `to`. */
export interface Reference {
  readonly column: string;
  readonly to: string;
  /** What becomes of a row whose parent does not land: it goes to quarantine, or lands without. */
  readonly missing: "reject" | "clear";
}

/** All references of a table: its foreign keys, and the joins that must find their row. */
export function referencesOf(table: MappedTable | FoldedTable): Reference[] {
  if (table.disposition === "folded")
    return (table.references ?? []).map((reference) => ({ ...reference, missing: "reject" }));
  const columns = Object.values(table.columns)
    .filter((value) => value.kind === "reference")
    .map(({ column, to, missing }) => ({ column, to, missing }));
  const joins = (table.joins ?? [])
    .filter(({ missing }) => missing === "reject")
    .map(({ column, table: to }) => ({ column, to, missing: "reject" as const }));
  return [...columns, ...joins];
}

/** The references without whose row a table's own row does not land. */
export const demandsOf = (table: MappedTable | FoldedTable): Reference[] =>
  referencesOf(table).filter(({ missing }) => missing === "reject");

/** The legacy tables that must be dealt with before `table`; not the table itself. */
export const parentsOf = (table: MappedTable | FoldedTable): string[] => [
  ...new Set(
    referencesOf(table)
      .map(({ to }) => to)
      .filter((to) => to !== table.source),
  ),
];

export const refersToItself = (table: MappedTable | FoldedTable): boolean =>
  referencesOf(table).some(({ to }) => to === table.source);

/** Carried tables with every table behind those that it refers to. Throws when they refer to each other in a circle. */
export function tablesInOrder(plan: Plan): (MappedTable | FoldedTable)[] {
  const ordered: (MappedTable | FoldedTable)[] = [];
  let waiting = carriedTables(plan);
  while (waiting.length > 0) {
    const open = new Set(waiting.map(({ source }) => source));
    const ready = waiting.filter((table) => parentsOf(table).every((parent) => !open.has(parent)));
    if (ready.length === 0) {
      throw new Error(`The tables ${[...open].join(", ")} refer to each other in a circle, so that none can be first.`);
    }
    ordered.push(...ready);
    waiting = waiting.filter((table) => !ready.includes(table));
  }
  return ordered;
}

/** The table itself and all that refer to it, straight or through others; children last. */
export function withDescendants(plan: Plan, sources: readonly string[]): Set<string> {
  const found = new Set(sources);
  for (const table of tablesInOrder(plan))
    if (parentsOf(table).some((parent) => found.has(parent))) found.add(table.source);
  return found;
}
