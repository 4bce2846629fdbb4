import type { MappedTable, Plan } from "../../plans/plan.ts";
import {
  directTable,
  identifiersEnd,
  textsIn,
  type DirectTable,
  type DirectType,
  type DirectValue,
} from "../direct.ts";
import type { LongestEntry } from "../source.ts";
import { cellOf, joined, type Cell } from "./cells.ts";
import type { ColumnDefinition, MariaDBCatalogue, TableDefinition } from "./introspection.ts";
import { chunkKeyOf } from "./range.ts";
import type { Session } from "./session.ts";
import { faultOf, spelling, type Form } from "./spelling.ts";
import { name, text } from "./sql.ts";

/** A table that goes straight into the target. */
export interface DirectSource {
  readonly table: DirectTable;
  readonly definition: TableDefinition;
}

const writable: Readonly<Record<DirectType, RegExp>> = {
  // Longer texts may make lines that are longer than the server makes them.
  text: /^(char|varchar|tinytext|text|enum|set)$/,
  boolean: /^tinyint\(1\)$/,
  smallint: /^(tinyint( unsigned)?|smallint|year)$/,
  integer: /^(tinyint|smallint|mediumint)( unsigned)?$|^int$|^year$/,
  bigint: /^(tinyint|smallint|mediumint|int)( unsigned)?$|^bigint$|^year$/,
  numeric: /^decimal( unsigned)?$/,
  date: /^date$/,
  timestamptz: /^(datetime|timestamp)$/,
};

/**
 * How a mapped table goes straight into the target; undefined where its plan asks for more than a change of type, where
 * a value may not fit the target's type, or where the table is not cut by the column that the plan cuts it by.
 */
export function directSource(plan: Plan, table: MappedTable, catalogue: MariaDBCatalogue): DirectSource | undefined {
  const readable = (declared: string, type: DirectType): boolean => writable[type].test(declared);
  const direct = directTable(plan, table, { catalogue, readable });
  const definition = catalogue.tables.get(table.source);
  if (direct === undefined || definition === undefined) return undefined;
  return chunkKeyOf(definition)?.column.name === direct.key ? { table: direct, definition } : undefined;
}

/** Whether a mapped table can go straight into the target, once its survey has found every row clean. */
export const canGoDirect = (plan: Plan, table: MappedTable, catalogue: MariaDBCatalogue): boolean =>
  directSource(plan, table, catalogue) !== undefined;

/** The same, where there must be a way. @throws when there is none, or when the source was opened without a plan */
export function directOf(
  of: { plan: Plan | undefined; catalogue: MariaDBCatalogue },
  table: MappedTable,
): DirectSource {
  if (of.plan === undefined) throw new Error("The source was opened without a plan.");
  const direct = directSource(of.plan, table, of.catalogue);
  if (direct === undefined) throw new Error(`${table.source} cannot go straight into the target.`);
  return direct;
}

type Part = Pick<Cell, "own" | "kind" | "text" | "notNull">;

/** The line of a row's mapped columns in SQL, for COPY, or as PostgreSQL's text of what lands (`canonical`). */
export const directLine = ({ table, definition }: DirectSource, form: Form): string =>
  joined(
    table.columns.map(({ value }) => part(definition, value, form)),
    form,
  );

function part(definition: TableDefinition, value: DirectValue, form: Form): Part {
  if (value.kind === "constant") {
    return value.text === null
      ? { own: "NULL", kind: "plain", text: text("\\N"), notNull: true }
      : { own: "NULL", kind: "text", text: text(value.text), notNull: true };
  }
  const column = columnOf(definition, value.column);
  const cell = cellOf(column);
  switch (value.kind) {
    case "id":
    case "reference":
      return { ...cell, text: `t.${name(value.column)} + ${value.start.toString()}` };
    case "key":
      return cell;
    case "copy":
      return spelling(column, value.type, form);
  }
}

function columnOf(definition: TableDefinition, column: string): ColumnDefinition {
  const found = definition.columns.get(column);
  if (found === undefined) throw new Error(`There is no column ${column}.`);
  return found;
}

/**
 * How many rows a table has, and how many need more than the plain conversion: an identifier out of range, a parent
 * that is missing, a day that is none, a truth value that is neither, bytes that PostgreSQL does not take as text, texts
 * that are longer than the target's indexes hold.
 */
export async function surveyOf(
  session: Session,
  direct: DirectSource,
  longest: readonly LongestEntry[],
): Promise<{ rows: number; unclean: number }> {
  const { table, definition } = direct;
  const faults = [
    ...table.columns.flatMap(({ value }) => fault(definition, value)),
    ...longest.flatMap((entry) => tooLong(table, entry)),
  ];
  const parents = table.columns.flatMap(({ value }) => (value.kind === "reference" ? [value] : []));
  const from = `FROM ${name(table.source)} t`;
  const count = async (conditions: readonly string[]): Promise<{ rows: number; unclean: number }> => {
    const unclean = conditions.length === 0 ? "FALSE" : conditions.join(" OR ");
    const [counted] = await session.rows(`SELECT COUNT(*), COALESCE(SUM(COALESCE(${unclean}, FALSE)), 0) ${from}`);
    return { rows: Number(counted?.[0] ?? 0), unclean: Number(counted?.[1] ?? 0) };
  };
  for (const { column, parent } of parents) {
    // The different values are fewer than the rows, and mostly stand in an index.
    const orphan = await session.rows(`SELECT 1 FROM (SELECT DISTINCT t.${name(column)} AS value ${from}) d
LEFT JOIN ${name(parent.table)} p ON p.${name(parent.key)} = d.value
WHERE d.value IS NOT NULL AND p.${name(parent.key)} IS NULL LIMIT 1`);
    if (orphan.length > 0) return count([...faults, ...parents.map(isOrphan)]);
  }
  return count(faults);
}

const isOrphan = ({ column, parent }: Extract<DirectValue, { kind: "reference" }>): string =>
  `(t.${name(column)} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ${name(parent.table)} p
  WHERE p.${name(parent.key)} = t.${name(column)}))`;

/** Condition that texts are longer together than an entry of an index; the target counts their bytes in UTF-8. */
function tooLong(table: DirectTable, entry: LongestEntry): string[] {
  const bytes = textsIn(table, entry).map(
    (column) => `COALESCE(OCTET_LENGTH(CONVERT(t.${name(column)} USING utf8mb4)), 0)`,
  );
  return bytes.length === 0 ? [] : [`${bytes.join(" + ")} > ${entry.bytes.toString()}`];
}

/** Conditions that a column of a row needs more than the plain conversion. */
function fault(definition: TableDefinition, value: DirectValue): string[] {
  if (value.kind === "constant" || value.kind === "key") return [];
  const own = `t.${name(value.column)}`;
  if (value.kind === "id") return [`${own} IS NULL`, `${own} NOT BETWEEN 0 AND ${lastIdentifier}`];
  if (value.kind === "reference") return [`${own} NOT BETWEEN 0 AND ${lastIdentifier}`];
  const found = faultOf(columnOf(definition, value.column), value.type);
  return found === undefined ? [] : [found];
}

const lastIdentifier = (identifiersEnd - 1).toString();
