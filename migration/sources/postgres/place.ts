import { isStaged, joinedKey, keyOf, rowPlace, storedRelation } from "../../plans/columns.ts";
import { windowStart, type FoldedTable, type MappedTable, type Plan, type View } from "../../plans/plan.ts";
import { identifier, literal } from "../../sql/quote.ts";

/** The relation `(key, verdict)` of the rows of a legacy table that go to quarantine; tables without any are absent. */
export type Rejected = ReadonlyMap<string, string>;

/** Where a plan's legacy tables are found: the source's own schema, or the views over a staging copy. */
export interface Place {
  readonly plan: Plan;
  readonly schema: string;
}

/** SQL with the start of the system's window put in. */
export const inWindow = (plan: Plan, sql: string): string => sql.replaceAll("{window}", windowStart(plan).toString());

/** What a view of the plan selects. */
export const viewQuery = (place: Place, { sql }: View): string =>
  inWindow(place.plan, sql).replaceAll(/\{(\w+)\}/g, (_, table: string) => relation(place, table));

/** A legacy table or a view of the plan, as something to select from. A staging copy has the views' rows in tables. */
export function relation(place: Place, name: string): string {
  const { plan, schema } = place;
  const view = plan.views?.find((one) => one.name === name);
  const plain =
    view === undefined || isStaged(plan) ? `${identifier(schema)}.${identifier(name)}` : `(${viewQuery(place, view)})`;
  const table = plan.tables.find(({ source }) => source === name);
  // The views over a staging copy have the joined key themselves.
  if (view === undefined && isStaged(plan)) return plain;
  if (table === undefined || table.disposition === "dropped" || typeof table.key === "string") return plain;
  const parts = table.key.map((column) => `s.${identifier(column)}::text`).join(` || ${literal(":")} || `);
  return `(SELECT s.*, ${parts} AS ${identifier(joinedKey)} FROM ${plain} s)`;
}

/** Something of a staged row `t` as the source has it: SQL over its columns, all of them texts, as `r`. */
export function ofStored(place: Place, table: string, sql: string): string {
  const stored = `${identifier(place.schema)}.${identifier(storedRelation(table))}`;
  const here = Object.values(rowPlace).map((column) => `r.${identifier(column)} = t.${identifier(column)}`);
  return `(SELECT ${sql} FROM ${stored} r WHERE ${here.join(" AND ")})`;
}

/** The rows of a legacy table that are not in quarantine. */
export function landing(place: Place, table: MappedTable | FoldedTable, rejected: Rejected): string {
  const held = rejected.get(table.source);
  const all = relation(place, table.source);
  if (held === undefined) return all;
  const key = `s.${identifier(keyOf(table))}`;
  return `(SELECT s.* FROM ${all} s WHERE NOT EXISTS (SELECT FROM (${held}) x WHERE x.key = ${key}))`;
}
