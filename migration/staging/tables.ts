import { createHash } from "node:crypto";
import { decodingOf } from "../plans/decoded.ts";
import { joinedKey, keyColumns, keyOf } from "../plans/columns.ts";
import { carriedTables, type FoldedTable, type MappedTable, type Plan } from "../plans/plan.ts";
import type { SourceCatalogue } from "../sources/source.ts";
import { viewQuery } from "../sources/postgres/place.ts";
import { identifier, literal } from "../sql/quote.ts";

/** The schema of the target that holds the staging copy of a system's tables. */
export const stagingSchema = (plan: Plan): string => `stage_${plan.system}`;

/** A legacy table whose rows pass through a staging copy. */
export interface StagedTable {
  readonly table: MappedTable | FoldedTable;
  /** The legacy columns in the order in which the source sends them, with their declared types. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/** The carried tables of a plan that the source has: views and dropped tables are not staged. */
export function stagedTables(plan: Plan, catalogue: SourceCatalogue): StagedTable[] {
  return carriedTables(plan).flatMap((table) => {
    const found = catalogue.tables.get(table.source);
    if (found === undefined) return [];
    return [{ table, columns: [...found.columns].map(([name, { type }]) => ({ name, type })) }];
  });
}

/** What holds the bytes behind a column whose text does not show them. */
export const oddColumn = "~odd";

/** The table that holds a legacy table's rows as text; a view of the legacy table's own name decodes it. */
export const storedTable = (plan: Plan, table: string): string =>
  `${identifier(stagingSchema(plan))}.${identifier(`${table}~stored`)}`;

const readColumn = (index: number): string => identifier(`~read${(index + 1).toString()}`);

/** Statements that make the staging copy of a table, empty, and the view that decodes it. */
export const stagingStatements = (plan: Plan, staged: StagedTable): string[] => [
  createTable(plan, staged),
  createIndex(plan, staged),
  createView(plan, staged),
];

/** Identity of the form of a table's staging copy, as 16 hex digits. */
export const shapeHash = (plan: Plan, staged: StagedTable): string =>
  createHash("sha256").update(stagingStatements(plan, staged).join("\n")).digest("hex").slice(0, 16);

// Decoded once, as a row arrives. Not logged: after a crash it is empty, and is filled again.
function createTable(plan: Plan, { table, columns }: StagedTable): string {
  const decoded = columns.flatMap(({ name, type }, index) => {
    const { read, type: as } = decodingOf(type);
    if (read === undefined) return [];
    return [`${readColumn(index)} ${as} GENERATED ALWAYS AS (migration.${read}(${identifier(name)})) STORED`];
  });
  return `CREATE UNLOGGED TABLE ${storedTable(plan, table.source)} (
  "~chunk" integer NOT NULL DEFAULT current_setting('migration.chunk')::integer,
  ${[...columns.map(({ name }) => `${identifier(name)} text`), `"${oddColumn}" text`, ...decoded, faultsColumn(columns)].join(",\n  ")}
)`;
}

const createIndex = (plan: Plan, { table }: StagedTable): string =>
  `CREATE INDEX ${identifier(`${table.source}~chunk`)} ON ${storedTable(plan, table.source)} ("~chunk")`;

function faultsColumn(columns: StagedTable["columns"]): string {
  const cases = columns.map(({ name, type }) => {
    const { read, plain, sure, quick } = decodingOf(type);
    const own = identifier(name);
    const odd = `"${oddColumn}" IS NOT NULL AND "${oddColumn}"::jsonb ? ${literal(name)}`;
    if (read === undefined) return `CASE WHEN ${odd} THEN ${literal(name)} END`;
    const spelled = plain === undefined ? [] : [`${own} !~ ${literal(plain)}`];
    const doubtful = typeof sure === "number" ? `length(${own}) > ${sure.toString()} AND ` : "";
    const unread = sure === true ? [] : [`${doubtful}migration.${read}(${own}) IS NULL`];
    const clean = [`${own} IS NULL`, ...(quick === undefined ? [] : [`"${oddColumn}" IS NULL AND ${quick(own)}`])];
    return `CASE WHEN ${clean.join(" OR ")} THEN NULL WHEN ${[...spelled, ...unread, odd].join(" OR ")} THEN ${literal(name)} END`;
  });
  return `"~faults" text[] GENERATED ALWAYS AS (nullif(array_remove(ARRAY[${cases.join(", ")}], NULL), '{}')) STORED`;
}

function createView(plan: Plan, { table, columns }: StagedTable): string {
  const keys = new Set(keyColumns(table));
  const own = columns.map(({ name, type }, index) => {
    if (decodingOf(type).read !== undefined) return `s.${readColumn(index)} AS ${identifier(name)}`;
    return keys.has(name) ? `${keyText(name)} AS ${identifier(name)}` : `s.${identifier(name)}`;
  });
  const key =
    typeof table.key === "string"
      ? []
      : [
          `${table.key.map((column) => `coalesce(${keyText(column)}, '')`).join(" || ':' || ")} AS ${identifier(joinedKey)}`,
        ];
  const machinery = ["~chunk", oddColumn, "~faults", ...columns.map((_, index) => `~read${(index + 1).toString()}`)];
  const raw = `to_jsonb(s) - ARRAY[${machinery.map(literal).join(", ")}]
    || CASE WHEN s."${oddColumn}" IS NULL THEN '{}' ELSE jsonb_build_object('~bytes', s."${oddColumn}"::jsonb) END AS "~raw"`;
  return `CREATE VIEW ${identifier(stagingSchema(plan))}.${identifier(table.source)} AS SELECT
  ${[...own, ...key, `s."~faults"`, raw].join(",\n  ")}
FROM ${storedTable(plan, table.source)} s`;
}

// Two keys may differ in bytes that no text shows; then these bytes stand beside it.
const keyText = (column: string): string =>
  `CASE WHEN s."${oddColumn}" IS NULL THEN s.${identifier(column)}
    ELSE s.${identifier(column)} || coalesce(${literal(" \\x")} || (s."${oddColumn}"::jsonb ->> ${literal(column)}), '') END`;

/** Statements that work out the plan's views over a filled staging copy, once for all who read them. */
export const stagingViews = (plan: Plan): string[] =>
  (plan.views ?? []).flatMap((view) => {
    const table = `${identifier(stagingSchema(plan))}.${identifier(view.name)}`;
    const query = viewQuery({ plan, schema: stagingSchema(plan) }, view);
    return [`DROP TABLE IF EXISTS ${table}`, `CREATE UNLOGGED TABLE ${table} AS ${query}`, `ANALYZE ${table}`];
  });

/** Statements that make a filled staging copy quick to read: its range columns and keys indexed, its statistics taken. */
export function stagingIndexes(plan: Plan, tables: readonly StagedTable[]): string[] {
  return tables.flatMap(({ table, columns }) => {
    const stored = storedTable(plan, table.source);
    const wanted = new Set([keyOf(table), ...(table.disposition === "mapped" ? [table.range.column] : [])]);
    const indexes = columns.flatMap(({ name, type }, index) => {
      // Texts may be longer than an index holds.
      if (!wanted.has(name) || decodingOf(type).read === undefined) return [];
      return [
        `CREATE INDEX IF NOT EXISTS ${identifier(`${table.source}~${(index + 1).toString()}`)} ON ${stored} (${readColumn(index)})`,
      ];
    });
    return [...indexes, `ANALYZE ${stored}`];
  });
}
