import type pg from "pg";

export interface TargetColumnInfo {
  readonly typeNumber: number;
  readonly notNull: boolean;
  readonly filledByDefault: boolean;
}

export interface TargetTable {
  readonly columns: ReadonlyMap<string, TargetColumnInfo>;
  readonly checks: readonly { name: string; expression: string; columns: readonly string[] }[];
  /** Unique keys by their plain columns; an expression over other columns is left out of its key. */
  readonly unique: readonly { name: string; columns: readonly string[] }[];
  /** B-tree indexes by their plain columns of text or bytes; an entry holds about 2700 bytes. */
  readonly textIndexes: readonly { name: string; columns: readonly string[] }[];
  readonly foreignKeys: readonly { name: string; columns: readonly string[]; to: string }[];
}

const tablesQuery = `SELECT n.nspname || '.' || c.relname AS table, a.attname AS column, a.atttypid AS "typeNumber",
  a.attnotnull AS "notNull", a.atthasdef OR a.attidentity <> '' AS "filledByDefault"
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p') AND n.nspname || '.' || c.relname = ANY ($1) ORDER BY 1, a.attnum`;

const constraintsQuery = `SELECT n.nspname || '.' || c.relname AS table, o.conname AS name, o.contype AS type,
  pg_get_expr(o.conbin, o.conrelid) AS expression, fn.nspname || '.' || f.relname AS to,
  ARRAY(SELECT a.attname::text FROM unnest(o.conkey) k JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k) AS columns
FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_class f ON f.oid = o.confrelid LEFT JOIN pg_namespace fn ON fn.oid = f.relnamespace
WHERE o.contype IN ('c', 'f') AND n.nspname || '.' || c.relname = ANY ($1) ORDER BY o.conname`;

const uniqueQuery = `SELECT n.nspname || '.' || c.relname AS table, x.relname AS name,
  ARRAY(SELECT a.attname::text FROM unnest(i.indkey) k JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k) AS columns
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE i.indisunique AND n.nspname || '.' || c.relname = ANY ($1) ORDER BY x.relname`;

const textIndexesQuery = `SELECT n.nspname || '.' || c.relname AS table, x.relname AS name,
  array_agg(a.attname::text ORDER BY a.attnum) AS columns
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
JOIN pg_am m ON m.oid = x.relam JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL unnest(i.indkey) AS k
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k
WHERE m.amname = 'btree' AND a.atttypid IN ('text'::regtype, 'character varying'::regtype, 'bytea'::regtype)
  AND n.nspname || '.' || c.relname = ANY ($1) GROUP BY 1, 2 ORDER BY 2`;

/** The named tables (`schema.table`) as the target's catalogue has them; those that are missing are left out. */
export async function readTarget(client: pg.Client, names: readonly string[]): Promise<Map<string, TargetTable>> {
  const columns = await client.query<{ table: string; column: string } & TargetColumnInfo>(tablesQuery, [names]);
  const constraints = await client.query<{
    table: string;
    name: string;
    type: string;
    expression: string;
    to: string;
    columns: string[];
  }>(constraintsQuery, [names]);
  const unique = await client.query<{ table: string; name: string; columns: string[] }>(uniqueQuery, [names]);
  const textIndexes = await client.query<{ table: string; name: string; columns: string[] }>(textIndexesQuery, [names]);
  const tables = new Map<string, TargetTable>();
  for (const name of new Set(columns.rows.map(({ table }) => table))) {
    const own = <Row extends { table: string }>(rows: readonly Row[]): Row[] =>
      rows.filter(({ table }) => table === name);
    tables.set(name, {
      columns: new Map(own(columns.rows).map((row) => [row.column, row])),
      checks: own(constraints.rows).filter(({ type }) => type === "c"),
      foreignKeys: own(constraints.rows).filter(({ type }) => type === "f"),
      unique: own(unique.rows),
      textIndexes: own(textIndexes.rows),
    });
  }
  return tables;
}
