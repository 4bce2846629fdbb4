import { createHash } from "node:crypto";
import { decodingOf, plainType } from "../plans/decoded.ts";
import {
  joinedKey,
  keyColumns,
  keyOf,
  oddColumn,
  rowPlace,
  storedRelation,
  type TargetColumn,
} from "../plans/columns.ts";
import { carriedTables, type FoldedTable, type MappedTable, type Plan } from "../plans/plan.ts";
import type { SourceCatalogue } from "../sources/source.ts";
import { viewQuery } from "../sources/postgres/place.ts";
import { identifier, literal } from "../sql/quote.ts";

/** The schema of the target that holds the staging copy of a system's tables. */
export const stagingSchema = (plan: Plan): string => `stage_${plan.system}`;

/** A legacy table whose rows pass through a staging copy. */
export interface StagedTable {
  readonly table: MappedTable | FoldedTable;
  /** The legacy columns in the order in which the source sends them. */
  readonly columns: readonly StagedColumn[];
}

interface StagedColumn {
  readonly name: string;
  /** Its type as the source declares it. */
  readonly type: string;
}

/** The carried tables of a plan that the source has: views and dropped tables are not staged. */
export function stagedTables(plan: Plan, catalogue: SourceCatalogue): StagedTable[] {
  return carriedTables(plan).flatMap((table) => {
    const found = catalogue.tables.get(table.source);
    if (found === undefined) return [];
    return [{ table, columns: [...found.columns].map(([name, { type }]) => ({ name, type })) }];
  });
}

/**
 * The two tables that hold a legacy table's rows: the plain ones as values, the doubtful ones as text. A view of the
 * legacy table's own name puts them together.
 */
export type Part = "plain" | "doubtful";
export const parts: readonly Part[] = ["plain", "doubtful"];

/** The table that holds a part of a legacy table's rows. */
export const partTable = (plan: Plan, table: string, part: Part): string =>
  `${identifier(stagingSchema(plan))}.${identifier(`${table}~${part}`)}`;

/** The columns of a part, in the order in which the source sends them, and the types in which they arrive. */
export const partColumns = ({ columns }: StagedTable, part: Part): TargetColumn[] =>
  part === "plain"
    ? columns.map(({ name, type }) => ({ name, type: plainType(type) }))
    : [...columns.map(({ name }) => ({ name, type: "text" })), { name: oddColumn, type: "text" }];

const readColumn = (index: number): string => identifier(`~read${(index + 1).toString()}`);

/** Statements that make the staging copy of a table, empty, and the view over it. */
export const stagingStatements = (plan: Plan, staged: StagedTable): string[] => [
  createPlain(plan, staged),
  createDoubtful(plan, staged),
  ...parts.map(
    (part) =>
      `CREATE INDEX ${identifier(`${staged.table.source}~${part}~chunk`)} ON ${partTable(plan, staged.table.source, part)} ("~chunk")`,
  ),
  createView(plan, staged),
  createStored(plan, staged),
];

/** Identity of the form of a table's staging copy, as 16 hex digits. */
export const shapeHash = (plan: Plan, staged: StagedTable): string =>
  createHash("sha256").update(stagingStatements(plan, staged).join("\n")).digest("hex").slice(0, 16);

const chunkColumn = `"~chunk" integer NOT NULL DEFAULT current_setting('migration.chunk')::integer`;

/** Whether a column arrives as a text that is yet to be read, in plain rows too. */
const isRead = ({ type }: StagedColumn): boolean => plainType(type) === "text" && decodingOf(type).read !== undefined;

/** What is read of the columns that `read` names, once, as a row arrives. */
const readColumns = (columns: readonly StagedColumn[], read: (column: StagedColumn) => boolean): string[] =>
  columns.flatMap((column, index) => {
    const { read: by, type: as } = decodingOf(column.type);
    if (by === undefined || !read(column)) return [];
    return [`${readColumn(index)} ${as} GENERATED ALWAYS AS (migration.${by}(${identifier(column.name)})) STORED`];
  });

// Neither is logged: after a crash they are empty, and are filled again.
function createPlain(plan: Plan, { table, columns }: StagedTable): string {
  const own = columns.map(({ name, type }) => `${identifier(name)} ${plainType(type)}`);
  const read = columns.filter(isRead);
  const faults = read.length === 0 || soleRead(columns) !== undefined ? [] : [faultsColumn(read, false)];
  return `CREATE UNLOGGED TABLE ${partTable(plan, table.source, "plain")} (
  ${[chunkColumn, ...own, ...readColumns(columns, isRead), ...faults].join(",\n  ")}
)`;
}

function createDoubtful(plan: Plan, { table, columns }: StagedTable): string {
  const own = [...columns.map(({ name }) => `${identifier(name)} text`), `"${oddColumn}" text`];
  return `CREATE UNLOGGED TABLE ${partTable(plan, table.source, "doubtful")} (
  ${[chunkColumn, ...own, ...readColumns(columns, () => true), faultsColumn(columns, true)].join(",\n  ")}
)`;
}

/** @param mayBeOdd whether bytes may stand beside a text */
function faultsColumn(columns: readonly StagedColumn[], mayBeOdd: boolean): string {
  const cases = columns.map(({ name, type }) => {
    const { read, plain, sure, quick } = decodingOf(type);
    const own = identifier(name);
    const odd = mayBeOdd ? [`"${oddColumn}" IS NOT NULL AND "${oddColumn}"::jsonb ? ${literal(name)}`] : [];
    if (read === undefined) return `CASE WHEN ${odd.join("")} THEN ${literal(name)} END`;
    const spelled = plain === undefined ? [] : [`${own} !~ ${literal(plain)}`];
    const doubtful = typeof sure === "number" ? `length(${own}) > ${sure.toString()} AND ` : "";
    const unread = sure === true ? [] : [`${doubtful}migration.${read}(${own}) IS NULL`];
    const known = mayBeOdd ? `"${oddColumn}" IS NULL AND ` : "";
    const clean = [`${own} IS NULL`, ...(quick === undefined ? [] : [`${known}${quick(own)}`])];
    return `CASE WHEN ${clean.join(" OR ")} THEN NULL WHEN ${[...spelled, ...unread, ...odd].join(" OR ")} THEN ${literal(name)} END`;
  });
  return `"~faults" text[] GENERATED ALWAYS AS (nullif(array_remove(ARRAY[${cases.join(", ")}], NULL), '{}')) STORED`;
}

const createView = (plan: Plan, staged: StagedTable): string =>
  `CREATE VIEW ${identifier(stagingSchema(plan))}.${identifier(staged.table.source)} AS ${[
    `SELECT\n  ${plainView(staged).join(",\n  ")}\nFROM ${partTable(plan, staged.table.source, "plain")} s`,
    `SELECT\n  ${doubtfulView(staged).join(",\n  ")}\nFROM ${partTable(plan, staged.table.source, "doubtful")} s`,
  ].join("\nUNION ALL\n")}`;

/** The rows as the source has them, all columns as text, found by where they lie; few are wanted, so they are made then. */
const createStored = (plan: Plan, { table, columns }: StagedTable): string =>
  `CREATE VIEW ${identifier(stagingSchema(plan))}.${identifier(storedRelation(table.source))} AS ${parts
    .map((part) => {
      const own = columns.map((column) =>
        part === "plain" ? `${storedText(column)} AS ${identifier(column.name)}` : `s.${identifier(column.name)}`,
      );
      const odd = part === "plain" ? `NULL::text AS "${oddColumn}"` : `s."${oddColumn}"`;
      return `SELECT\n  ${[...own, odd, ...whereabouts(part)].join(",\n  ")}\nFROM ${partTable(plan, table.source, part)} s`;
    })
    .join("\nUNION ALL\n")}`;

/** Where a row lies. */
const whereabouts = (part: Part): string[] => [
  `s.ctid AS ${identifier(rowPlace.at)}`,
  `${String(part === "doubtful")} AS ${identifier(rowPlace.doubtful)}`,
];

function plainView({ table, columns }: StagedTable): string[] {
  const own = columns.map((column, index) =>
    isRead(column) ? `s.${readColumn(index)} AS ${identifier(column.name)}` : `s.${identifier(column.name)}`,
  );
  const joined = joinedKeyOf(table, (column) => `s.${identifier(column)}::text`);
  return [...own, ...joined, plainFaults(columns), ...whereabouts("plain")];
}

/** The one column that is yet to be read, where there is one, and it has no spelling but the one that is read. */
function soleRead(columns: readonly StagedColumn[]): number | undefined {
  const read = columns.flatMap((column, index) => (isRead(column) ? [{ column, index }] : []));
  const [only, ...others] = read;
  return others.length > 0 || only === undefined || decodingOf(only.column.type).plain !== undefined
    ? undefined
    : only.index;
}

function plainFaults(columns: readonly StagedColumn[]): string {
  if (!columns.some(isRead)) return 'NULL::text[] AS "~faults"';
  const sole = soleRead(columns);
  if (sole === undefined) return 's."~faults"';
  // That it was not read says it all, and to read it a second time costs more than the rest of the row.
  const name = columns[sole]?.name ?? "";
  return `CASE WHEN s.${identifier(name)} IS NOT NULL AND s.${readColumn(sole)} IS NULL THEN ARRAY[${literal(name)}] END AS "~faults"`;
}

/** A plain value as the source's text, but for zeros at the end of a second. */
function storedText({ name, type }: StagedColumn): string {
  const own = `s.${identifier(name)}`;
  switch (plainType(type)) {
    case "text":
      return own;
    case "boolean":
      return `${own}::integer::text`;
    case "timestamptz":
      return `rtrim(rtrim(to_char(${own} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), '0'), '.')`;
    case "date":
      return `to_char(${own}, 'YYYY-MM-DD')`;
    default:
      return `${own}::text`;
  }
}

function doubtfulView({ table, columns }: StagedTable): string[] {
  const keys = new Set(keyColumns(table));
  const own = columns.map(({ name, type }, index) => {
    if (decodingOf(type).read !== undefined) return `s.${readColumn(index)} AS ${identifier(name)}`;
    return keys.has(name) ? `${keyText(name)} AS ${identifier(name)}` : `s.${identifier(name)}`;
  });
  return [...own, ...joinedKeyOf(table, keyText), `s."~faults"`, ...whereabouts("doubtful")];
}

/** A key of several columns as one text. */
const joinedKeyOf = ({ key }: StagedTable["table"], text: (column: string) => string): string[] =>
  typeof key === "string"
    ? []
    : [`${key.map((column) => `coalesce(${text(column)}, '')`).join(" || ':' || ")} AS ${identifier(joinedKey)}`];

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
    const wanted = new Set([keyOf(table), ...(table.disposition === "mapped" ? [table.range.column] : [])]);
    return parts.flatMap((part) => {
      const of = partTable(plan, table.source, part);
      const indexes = columns.flatMap((column, index) => {
        // Texts may be longer than an index holds.
        if (!wanted.has(column.name) || decodingOf(column.type).read === undefined) return [];
        const own = part === "plain" && !isRead(column) ? identifier(column.name) : readColumn(index);
        const name = identifier(`${table.source}~${part}~${(index + 1).toString()}`);
        return [`CREATE INDEX IF NOT EXISTS ${name} ON ${of} (${own})`];
      });
      return [...indexes, `ANALYZE ${of}`];
    });
  });
}
