import { plainType } from "../../plans/decoded.ts";
import { joined } from "./cells.ts";
import type { ColumnDefinition, TableDefinition } from "./introspection.ts";
import { name } from "./sql.ts";
import { faultOf, spelling, type Form } from "./spelling.ts";
import { isOdd } from "./sums.ts";

/** Bytes of a row's long texts from which it counts as doubtful: its line could be longer than the server makes them. */
const longestTexts = 200_000;

const longTypes = new Set(["text", "mediumtext", "longtext", "json", "blob", "mediumblob", "longblob"]);

const columnsOf = (definition: TableDefinition): ColumnDefinition[] => [...definition.columns.values()];

/** The line of a plain row's columns in SQL, for COPY, or as PostgreSQL prints what it has read. */
export const plainLine = (definition: TableDefinition, form: Form): string =>
  joined(
    columnsOf(definition).map((column) => spelling(column, plainType(column.type), form)),
    form,
  );

/** The condition that a row is doubtful by its values, as far as texts need not be looked into. */
export function misfit(definition: TableDefinition): string {
  const columns = columnsOf(definition);
  const faults = columns.flatMap((column) => {
    const type = plainType(column.type);
    return type === "text" ? [] : (faultOf(column, type) ?? []);
  });
  const long = columns.filter(({ base }) => longTypes.has(base)).map((column) => `t.${name(column.name)}`);
  const lengths = long.map((column) => `COALESCE(LENGTH(${column}), 0)`).join(" + ");
  const conditions = [...faults, ...(long.length === 0 ? [] : [`${lengths} > ${longestTexts.toString()}`])];
  return conditions.length === 0 ? "FALSE" : `COALESCE(${conditions.join(" OR ")}, FALSE)`;
}

/** The condition that a row is doubtful. */
export function doubt(definition: TableDefinition): string {
  const texts = columnsOf(definition)
    .map((column) => spelling(column, plainType(column.type), "copy"))
    .filter(({ kind }) => kind === "text");
  // Texts that are too long to be looked through together are doubtful as well.
  const odd = texts.length === 0 ? [] : [`COALESCE(${isOdd(texts.map(({ text }) => text))}, TRUE)`];
  return [misfit(definition), ...odd].join(" OR ");
}
