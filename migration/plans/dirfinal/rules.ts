import type { Reject, Repair } from "../plan.ts";

/** Names that are part of a unique key: an index of the target holds no more of a text than this, with room to spare. */
export const longestName = 1000;

/** Whether a text names something: it is there, not empty, and an index can hold it. */
export const isName = (column: string): string =>
  `${column} <> '' AND octet_length(${column}) <= ${longestName.toString()}`;

const dashed = (column: string): string => column.replaceAll("_", "-");

/** A row that says nothing without this column. */
export const missing = (column: string): Reject => ({
  name: `${dashed(column)}-missing`,
  when: `t.${column} IS NULL`,
  reason: `${column} is empty, and the row says nothing without it`,
});

/** A word that must be one of a list: in another case or with spaces around it counts, anything else becomes `otherwise`. */
export function oneOf(
  column: string,
  of: { readonly words: readonly string[]; readonly otherwise: string; readonly reason: string },
): Repair {
  const words = of.words.map((word) => `'${word}'`).join(", ");
  const plain = `lower(btrim(t.${column}))`;
  return {
    name: `${dashed(column)}-unknown`,
    column,
    when: `t.${column} IS NULL OR t.${column} NOT IN (${words})`,
    then: `CASE WHEN ${plain} IN (${words}) THEN ${plain} ELSE '${of.otherwise}' END`,
    reason: of.reason,
  };
}

/** SQL of the JSON that a text column holds; NULL where it holds none. */
export const asJson = (column: string): string => `migration.read_jsonb(t.${column})`;

/** The text is no JSON; the target column that takes it is left empty. */
export const notJson = (column: string): Repair => ({
  name: `${dashed(column)}-not-json`,
  column,
  when: `t.${column} IS NOT NULL AND ${asJson(column)} IS NULL`,
  reason: `${column} is not JSON, or holds what PostgreSQL's JSON cannot, and is left empty`,
});

/** The way back of a column that no plain one leads to: what was kept of it where a repair was made, else `sql`. */
export const back = (column: string, sql: string): string =>
  `CASE WHEN legacy_extra ? '${column}' THEN legacy_extra ->> '${column}' ELSE ${sql} END`;
