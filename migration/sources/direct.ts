import { identityOf } from "../plans/columns.ts";
import { decodingOf } from "../plans/decoded.ts";
import { doubtfulKeys } from "./check.ts";
import type { LongestEntry, SourceCatalogue } from "./source.ts";
import { carriedTables, windowSize, windowStart, type MappedTable, type Plan, type Value } from "../plans/plan.ts";

/** Types of the target that a foreign source writes in PostgreSQL's own spelling. */
export type DirectType = "text" | "boolean" | "smallint" | "integer" | "bigint" | "numeric" | "date" | "timestamptz";

/** How a column of the target is made of one row of the legacy table, without a join and without PostgreSQL. */
export type DirectValue =
  /** An integer moved into the window of identifiers: `start` + column. */
  | { readonly kind: "id"; readonly column: string; readonly start: number }
  /** The same for a row of `parent`, whose key column is `key`; it may be missing. */
  | {
      readonly kind: "reference";
      readonly column: string;
      readonly start: number;
      readonly parent: { readonly table: string; readonly key: string };
    }
  | { readonly kind: "copy"; readonly column: string; readonly type: DirectType }
  /** The same for every row, as PostgreSQL prints it. */
  | { readonly kind: "constant"; readonly text: string | null }
  /** The legacy key as text. */
  | { readonly kind: "key"; readonly column: string };

/** A table that can go straight into the target: its columns in the order of `targetColumns`. */
export interface DirectTable {
  readonly source: string;
  /** The column that the table is cut into chunks by, which is its key. */
  readonly key: string;
  readonly columns: readonly { readonly name: string; readonly value: DirectValue }[];
}

/** The legacy columns whose texts go where an entry of an index holds only so much. */
export const textsIn = (table: DirectTable, { columns }: LongestEntry): string[] =>
  table.columns.flatMap(({ name, value }) =>
    value.kind === "copy" && value.type === "text" && columns.includes(name) ? [value.column] : [],
  );

/** Legacy identifiers that can be moved into a window: from 0 up to and without this. */
export const identifiersEnd = windowSize;

const integers: readonly string[] = ["smallint", "integer", "bigint"];

/**
 * How a mapped table can go straight into the target; undefined where its plan asks for more than a change of type:
 * joins, rules, computed values, keys of several columns, or types that the two sides do not spell alike.
 *
 * @param readable what the source's dialect adds: whether a column of the declared type can be written as the type
 */
export function directTable(
  plan: Plan,
  table: MappedTable,
  of: { catalogue: SourceCatalogue; readable: (declared: string, type: DirectType) => boolean },
): DirectTable | undefined {
  const declared = of.catalogue.tables.get(table.source)?.columns;
  const { key } = table;
  if (declared === undefined || typeof key !== "string" || table.range.column !== key) return undefined;
  if (table.range.kind !== "integer" || hasRules(table) || doubtfulKeys(table, of.catalogue).length > 0)
    return undefined;
  const columns: { name: string; value: DirectValue }[] = [];
  for (const [name, value] of Object.entries(table.columns)) {
    const type = "column" in value ? declared.get(value.column)?.type : "";
    const direct = type === undefined ? undefined : directValue(plan, value, { type, readable: of.readable });
    if (direct === undefined) return undefined;
    columns.push({ name, value: direct });
  }
  columns.push({ name: "source_system", value: { kind: "constant", text: plan.system } });
  columns.push({ name: "legacy_id", value: { kind: "key", column: key } });
  return { source: table.source, key, columns };
}

const hasRules = (table: MappedTable): boolean =>
  [table.joins, table.repairs, table.rejects, table.extra].some((rules) => (rules ?? []).length > 0) ||
  Object.keys(table.unreadable ?? {}).length > 0;

function directValue(
  plan: Plan,
  value: Value,
  of: { type: string; readable: (declared: string, type: DirectType) => boolean },
): DirectValue | undefined {
  switch (value.kind) {
    case "named":
      return undefined;
    case "id":
      return decodingOf(of.type).type === "bigint"
        ? { kind: "id", column: value.column, start: windowStart(plan) }
        : undefined;
    case "reference": {
      const parent = carriedTables(plan).find(({ source }) => source === value.to);
      if (parent === undefined || typeof parent.key !== "string" || decodingOf(of.type).type !== "bigint")
        return undefined;
      if (parent.disposition === "mapped" && identityOf(parent)?.value.kind !== "id") return undefined;
      const { column } = value;
      return {
        kind: "reference",
        column,
        start: windowStart(plan),
        parent: { table: parent.source, key: parent.key },
      };
    }
    case "copy": {
      const type = directType(value.type);
      if (type === undefined || !sameMeaning(of.type, type) || !of.readable(of.type, type)) return undefined;
      return { kind: "copy", column: value.column, type };
    }
    case "computed":
      return constant(value.sql, value.type);
  }
}

function directType(type: string): DirectType | undefined {
  const known: readonly DirectType[] = [
    "text",
    "boolean",
    "smallint",
    "integer",
    "bigint",
    "numeric",
    "date",
    "timestamptz",
  ];
  return known.find((one) => one === type);
}

/** Whether the value of a declared type, decoded in the staging copy and cast to `type`, is the plain value again. */
function sameMeaning(declared: string, type: DirectType): boolean {
  const staged = decodingOf(declared).type;
  return staged === type || (staged === "bigint" && integers.includes(type));
}

/** A literal of the plan as PostgreSQL prints it; undefined for any other expression. */
function constant(sql: string, type: string): DirectValue | undefined {
  const text = /^'((?:[^'\\]|'')*)'$/.exec(sql)?.[1];
  if (sql.toUpperCase() === "NULL") return { kind: "constant", text: null };
  if (text !== undefined) {
    const sameAsJson = type === "jsonb" && (text === "{}" || text === "[]");
    return type === "text" || sameAsJson ? { kind: "constant", text: text.replaceAll("''", "'") } : undefined;
  }
  if (/^-?\d{1,18}$/.test(sql) && integers.includes(type)) return { kind: "constant", text: BigInt(sql).toString() };
  if (/^(true|false)$/i.test(sql) && type === "boolean") return { kind: "constant", text: sql.toLowerCase() };
  return undefined;
}
