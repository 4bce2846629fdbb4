import fc from "fast-check";
import { keyColumns, isView } from "../plans/columns.ts";
import { mappedTables, type MappedTable, type Plan } from "../plans/plan.ts";
import { inventedValue, type InventedValue } from "./invented-value.ts";

export type InventedRow = Readonly<Record<string, InventedValue>>;

/** Rows by legacy table. */
export type InventedRows = Readonly<Record<string, readonly InventedRow[]>>;

/** What a row is known by here: its key as text, parts joined by a colon. */
export const legacyIdOf = (table: MappedTable, row: InventedRow): string =>
  keyColumns(table)
    .map((column) => String(row[column]?.stored))
    .join(":");

/** The mapped tables of a plan that are tables of the source. */
export const inventedTables = (plan: Plan): MappedTable[] => mappedTables(plan).filter((table) => !isView(plan, table));

/** Rows for every mapped table of a plan but `kept`: no two of a table have one key; all else may be as it likes. */
export function inventedRows(plan: Plan, kept: ReadonlySet<string>, most: number): fc.Arbitrary<InventedRows> {
  const tables = inventedTables(plan).filter(({ source }) => !kept.has(source));
  return fc.record(
    Object.fromEntries(
      tables.map((table) => [
        table.source,
        fc.uniqueArray(fc.record(columnsOf(plan, table)), {
          maxLength: most,
          size: "max",
          selector: (row: InventedRow) => legacyIdOf(table, row),
        }),
      ]),
    ),
  );
}

function columnsOf(plan: Plan, table: MappedTable): Record<string, fc.Arbitrary<InventedValue>> {
  const references = new Set(
    Object.values(table.columns).flatMap((value) => (value.kind === "reference" ? [value.column] : [])),
  );
  const keys = new Set(keyColumns(table));
  return Object.fromEntries(
    Object.entries(plan.shape[table.source] ?? {}).map(([column, type]) => {
      const is = keys.has(column) ? "key" : references.has(column) ? "reference" : "value";
      return [column, inventedValue(plan.engine, type, is)];
    }),
  );
}

/** Rows with their texts cut to what the columns have room for. */
export function fitting(rows: InventedRows, widths: ReadonlyMap<string, number>): InventedRows {
  const cut = (text: string, width: number): string => Array.from(text).slice(0, width).join("");
  const fit = ({ stored, means }: InventedValue, width: number | undefined): InventedValue =>
    width === undefined || typeof stored !== "string"
      ? { stored, means }
      : { stored: cut(stored, width), means: means === undefined || means === null ? means : cut(means, width) };
  return Object.fromEntries(
    Object.entries(rows).map(([table, own]) => [
      table,
      own.map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([column, value]) => [column, fit(value, widths.get(`${table}.${column}`))]),
        ),
      ),
    ]),
  );
}
