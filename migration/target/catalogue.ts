import type pg from "pg";

export interface TargetColumnInfo {
  readonly typeNumber: number;
  readonly notNull: boolean;
  readonly filledByDefault: boolean;
}

interface TextIndex {
  readonly name: string;
  readonly columns: readonly string[];
}

export interface TargetTable {
  readonly columns: ReadonlyMap<string, TargetColumnInfo>;
  readonly checks: readonly { name: string; expression: string; columns: readonly string[] }[];
  /** Unique keys by their plain columns; an expression over other columns is left out of its key. */
  readonly unique: readonly { name: string; columns: readonly string[] }[];
  /** B-tree indexes by their columns of text or bytes; an entry holds about 2700 bytes. */
  readonly textIndexes: readonly TextIndex[];
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

const indexesQuery = `SELECT n.nspname || '.' || c.relname AS table, x.relname AS name, pg_get_indexdef(x.oid) AS definition
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname || '.' || c.relname = ANY ($1)`;

// Those that an interrupted move has taken off will come back.
const suspendedQuery = `SELECT table_name AS table, name, definition FROM migration.suspended
WHERE kind <> 'foreign key' AND table_name = ANY ($1)`;

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
  const indexes = await definitionsOfIndexes(client, names);
  const tables = new Map<string, TargetTable>();
  for (const name of new Set(columns.rows.map(({ table }) => table))) {
    const own = <Row extends { table: string }>(rows: readonly Row[]): Row[] =>
      rows.filter(({ table }) => table === name);
    tables.set(name, {
      columns: new Map(own(columns.rows).map((row) => [row.column, row])),
      checks: own(constraints.rows).filter(({ type }) => type === "c"),
      foreignKeys: own(constraints.rows).filter(({ type }) => type === "f"),
      unique: own(unique.rows),
      textIndexes: textIndexesOf(own(indexes), own(columns.rows)),
    });
  }
  return tables;
}

interface IndexDefinition {
  readonly table: string;
  readonly name: string;
  readonly definition: string;
}

async function definitionsOfIndexes(client: pg.Client, names: readonly string[]): Promise<IndexDefinition[]> {
  const { rows } = await client.query<IndexDefinition>(indexesQuery, [names]);
  const known = await client.query<{ there: boolean }>(
    "SELECT to_regclass('migration.suspended') IS NOT NULL AS there",
  );
  const off = known.rows[0]?.there === true ? await client.query<IndexDefinition>(suspendedQuery, [names]) : undefined;
  return [...rows, ...(off?.rows ?? [])].sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Type numbers of text, bytea, character and character varying. */
const textTypes = new Set([25, 17, 1042, 1043]);

// What is short however long the text is, as PostgreSQL prints it; of `left`, up to 599 characters.
const inside = String.raw`(?:[^()]|\([^()]*\))*`;
const shortened = new RegExp(
  String.raw`\b(?:md5|length|octet_length)\(${inside}\)|"left"\(${inside}, [1-5]?\d{1,2}\)`,
  "g",
);

/** The B-tree indexes whose entries hold whole texts, of themselves or in another case. */
function textIndexesOf(
  indexes: readonly IndexDefinition[],
  columns: readonly { readonly column: string; readonly typeNumber: number }[],
): TextIndex[] {
  const texts = columns.filter(({ typeNumber }) => textTypes.has(typeNumber)).map(({ column }) => column);
  return indexes.flatMap(({ name, definition }) => {
    const entries = / USING btree \((.*?)\)(?: (?:INCLUDE|NULLS|WITH|WHERE) .*)?$/s.exec(definition)?.[1];
    const whole = entries?.replaceAll(shortened, "");
    const own = texts.filter((column) => whole !== undefined && new RegExp(`\\b${column}\\b`).test(whole));
    return own.length === 0 ? [] : [{ name, columns: own }];
  });
}
