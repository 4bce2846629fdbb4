import type pg from "pg";
import type { SourceCatalogue, SourceTable } from "../source.ts";

const columnsQuery = `SELECT c.relname AS table, a.attname AS column, format_type(a.atttypid, a.atttypmod) AS type,
  a.attnotnull AS "notNull", pg_table_size(c.oid)::text AS bytes
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
ORDER BY c.relname, a.attnum`;

const uniqueQuery = `SELECT c.relname AS table, array_agg(a.attname::text) AS columns
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (number, position)
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
WHERE n.nspname = 'public' AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
  AND k.position <= i.indnkeyatts
GROUP BY c.relname, i.indexrelid`;

const beyondQuery = `SELECT format('table %s.%s lies outside the schema public', n.nspname, c.relname) AS text
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname NOT IN ('public', 'information_schema')
  AND n.nspname NOT LIKE 'pg\\_%'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
UNION ALL
SELECT format('table %s is a foreign table, whose rows lie elsewhere', c.relname)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'f' AND n.nspname = 'public'
UNION ALL
SELECT format('table %s inherits from %s, where its rows are read as well; move them, or say ALTER TABLE %s NO INHERIT %s on a copy',
  c.relname, p.relname, c.relname, p.relname)
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind = 'r' AND NOT c.relispartition
UNION ALL
SELECT format('column %s.%s has the collation %s, by which texts that differ are equal; change it on a copy: ALTER TABLE %s ALTER %s TYPE %s COLLATE "C"',
  c.relname, a.attname, o.collname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod))
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_collation o ON o.oid = a.attcollation
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0
  AND to_jsonb(o) ->> 'collisdeterministic' = 'false'
UNION ALL
SELECT format('%s large objects, which no table names', count(*)) FROM pg_largeobject_metadata HAVING count(*) > 0`;

/** What a PostgreSQL database holds. */
export async function introspect(client: pg.Client): Promise<SourceCatalogue> {
  const server = await client.query<{ version: string; number: string; encoding: string }>(
    `SELECT version() AS version, current_setting('server_version_num') AS number, current_setting('server_encoding') AS encoding`,
  );
  const columns = await client.query<{
    table: string;
    column: string | null;
    type: string;
    notNull: boolean;
    bytes: string;
  }>(columnsQuery);
  const unique = await client.query<{ table: string; columns: string[] }>(uniqueQuery);
  const beyond = await client.query<{ text: string }>(beyondQuery);
  const tables = new Map<string, SourceTable & { columns: Map<string, { type: string; notNull: boolean }> }>();
  for (const row of columns.rows) {
    const table = tables.get(row.table) ?? {
      columns: new Map<string, { type: string; notNull: boolean }>(),
      unique: unique.rows.filter(({ table: name }) => name === row.table).map((key) => key.columns),
      bytes: Number(row.bytes),
    };
    if (row.column !== null) table.columns.set(row.column, { type: row.type, notNull: row.notNull });
    tables.set(row.table, table);
  }
  return {
    engine: "postgresql",
    version: server.rows[0]?.version ?? "",
    major: Math.floor(Number(server.rows[0]?.number ?? 0) / 10_000),
    encoding: server.rows[0]?.encoding ?? "",
    tables,
    beyond: beyond.rows.map(({ text }) => text),
  };
}
