import { carriedTables, mappedTables, type MappedTable, type Plan } from "../plans/plan.ts";
import { referencesOf } from "../plans/order.ts";
import type { LegacyDatabase } from "../sources/open.ts";

/**
 * The tables of a plan whose rows may go straight into the target as far as the plan goes: they need no more than
 * changes of type, and no other table that is staged needs to see them.
 *
 * @param unfit tables that turned out to need more
 */
export function directCandidates(
  plan: Plan,
  legacy: Extract<LegacyDatabase, { kind: "staged" }>,
  unfit: ReadonlySet<string>,
): MappedTable[] {
  const spoken = textsOf(plan);
  let chosen = mappedTables(plan).filter(
    (table) =>
      !unfit.has(table.source) && legacy.canGoDirect(table) && !spoken.some((text) => names(text, table.source)),
  );
  for (;;) {
    const direct = new Set(chosen.map(({ source }) => source));
    const staged = carriedTables(plan).filter(({ source }) => !direct.has(source));
    const wanted = new Set(staged.flatMap((table) => referencesOf(table).map(({ to }) => to)));
    const left = chosen.filter(({ source }) => !wanted.has(source));
    if (left.length === chosen.length) return left;
    chosen = left;
  }
}

/** Every piece of SQL in a plan that may name legacy tables. */
const textsOf = (plan: Plan): string[] => [
  plan.rights,
  ...(plan.views ?? []).map(({ sql }) => sql),
  ...plan.tallies.map(({ source }) => source),
  ...carriedTables(plan).flatMap((table) => [
    ...(table.rejects ?? []).map(({ when }) => when),
    ...(table.disposition === "folded" ? [table.source] : partsOf(table)),
  ]),
];

const partsOf = (table: MappedTable): string[] => [
  ...(table.joins ?? []).map((join) => join.table),
  ...(table.repairs ?? []).flatMap(({ when, then }) => [when, then ?? ""]),
  ...Object.values(table.columns).flatMap((value) => (value.kind === "computed" ? [value.sql] : [])),
];

const names = (text: string, table: string): boolean => new RegExp(`(?<![\\w.])${table}(?!\\w)`).test(text);
