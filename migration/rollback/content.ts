import { appliedTable } from "@landfall/app/schema/version";
import type pg from "pg";
import { identifier } from "../sql/quote.ts";

/** A table's rows and two sums of 64-bit hashes of them, as decimal texts. */
export interface TableContent {
  readonly name: string;
  readonly rows: string;
  readonly first: string;
  readonly second: string;
}

/** Where a sequence stood: it may move while it is looked at, as no transaction holds it. */
export interface SequencePosition {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

const inSchemas = `(n.nspname = ANY ($1) OR (n.nspname = '${appliedTable.schema}' AND starts_with(c.relname, '${appliedTable.name}')))`;

/**
 * The content of every table of our schemas, in order of their names. Rows are hashed as their text, which reads the same
 * on servers of all versions; columns that the database makes up itself are left out.
 */
export async function tableContents(client: pg.Client, schemas: readonly string[]): Promise<TableContent[]> {
  const tables = await client.query<{ schema: string; table: string; columns: string[] }>(
    `SELECT n.nspname::text AS schema, c.relname::text AS table,
       ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
             AND a.attgenerated = '' ORDER BY a.attnum) AS columns
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND ${inSchemas} ORDER BY n.nspname, c.relname`,
    [schemas],
  );
  const contents: TableContent[] = [];
  for (const { schema, table, columns } of tables.rows) {
    const name = `${schema}.${table}`;
    const result = await client.query<Omit<TableContent, "name">>(
      `SELECT count(*)::text AS rows, coalesce(sum(hashtextextended(r.line, 1)::numeric), 0)::text AS first,
         coalesce(sum(hashtextextended(r.line, 2)::numeric), 0)::text AS second
       FROM (SELECT ROW(${columns.map((column) => `t.${quoted(column)}`).join(", ")})::text COLLATE "C" AS line
             FROM ${quoted(schema)}.${quoted(table)} t) r`,
    );
    for (const row of result.rows) contents.push({ name, ...row });
  }
  return contents;
}

// A dot in a name is a part of it here.
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Where the sequences of our schemas stand, in order of their names: the value and whether it has been given out. */
export async function sequencePositions(
  client: pg.Client,
  schemas: readonly string[],
): Promise<{ name: string; at: string }[]> {
  const names = await client.query<{ name: string }>(
    `SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'S' AND ${inSchemas} ORDER BY 1`,
    [schemas],
  );
  if (names.rows.length === 0) return [];
  const asked = names.rows.map(
    ({ name }, index) =>
      `SELECT ${index.toString()} AS number, CASE WHEN is_called THEN last_value ELSE last_value - 1 END::text AS at FROM ${identifier(name)}`,
  );
  const result = await client.query<{ number: number; at: string }>(`${asked.join(" UNION ALL ")} ORDER BY 1`);
  return result.rows.map(({ number, at }) => ({ name: names.rows[number]?.name ?? "", at }));
}

/** What of a content is not as a rollback point has it, a line each: tables first, then sequences. */
export function contentDifferences(
  expected: { tables: readonly TableContent[]; sequences: readonly SequencePosition[] },
  found: { tables: readonly TableContent[]; sequences: readonly { name: string; at: string }[] },
): string[] {
  const differences: string[] = [];
  const tables = new Map(found.tables.map((table) => [table.name, table]));
  for (const table of expected.tables) {
    const other = tables.get(table.name);
    tables.delete(table.name);
    if (other === undefined) differences.push(`${table.name} is missing`);
    else if (other.rows !== table.rows)
      differences.push(`${table.name} has ${other.rows} rows instead of ${table.rows}`);
    else if (other.first !== table.first || other.second !== table.second)
      differences.push(`${table.name} has other rows`);
  }
  for (const name of tables.keys()) differences.push(`${name} was not there`);
  const positions = new Map(found.sequences.map(({ name, at }) => [name, at]));
  for (const { name, from, to } of expected.sequences) {
    const at = positions.get(name);
    if (at === undefined) differences.push(`the sequence ${name} is missing`);
    else if (BigInt(at) < BigInt(from) || BigInt(at) > BigInt(to))
      differences.push(`the sequence ${name} stands at ${at} instead of ${from === to ? from : `${from} to ${to}`}`);
  }
  return differences;
}
