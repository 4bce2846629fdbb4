import type { SourceCatalogue, SourceColumn } from "../source.ts";
import type { SQLiteValue } from "./protocol.ts";

/** A table of SQLite's, as far as reading it asks for. */
export interface SQLiteTable {
  readonly name: string;
  readonly columns: readonly SQLiteColumn[];
  readonly unique: readonly (readonly string[])[];
  /** The name that a row's number goes by here; undefined where rows have none. */
  readonly rowid: string | undefined;
  /** The primary key's columns, in its order. */
  readonly key: readonly string[];
  readonly bytes: number;
  /** The longest row, in bytes. */
  readonly longest: number;
}

export interface SQLiteColumn extends SourceColumn {
  readonly name: string;
  /** Whether SQLite turns numbers into text here before it stores them. */
  readonly textual: boolean;
}

/** A database's catalogue, and what reading it asks for besides. */
export interface Introspection {
  readonly catalogue: SourceCatalogue;
  readonly tables: ReadonlyMap<string, SQLiteTable>;
  readonly encoding: "utf-8" | "utf-16le" | "utf-16be";
}

type Query = (sql: string, parameters?: readonly SQLiteValue[]) => Promise<SQLiteValue[][]>;

/** A row beyond this many bytes is refused: PostgreSQL takes no field of 1 GB, and bytes double on the way. */
const longestRow = 100 * 10 ** 6;

const tablesQuery = `SELECT l.name, l.type, l.wr FROM pragma_table_list l
WHERE l.schema = 'main' AND l.type IN ('table', 'virtual') AND substr(l.name, 1, 7) <> 'sqlite_' ORDER BY l.name`;

const columnsQuery = `SELECT c.name, c.type, c."notnull", c.pk FROM pragma_table_xinfo(?) c WHERE c.hidden <> 1 ORDER BY c.cid`;

const uniqueQuery = `SELECT i.name, i.origin, x.name, x.coll FROM pragma_index_list(?) i JOIN pragma_index_xinfo(i.name) x
WHERE i."unique" = 1 AND i.partial = 0 AND x.key = 1 ORDER BY i.seq, x.seqno`;

const knownCollations = ["BINARY", "NOCASE", "RTRIM"];

/** What a SQLite database holds. */
export async function introspect(query: Query): Promise<Introspection> {
  const [[version = null] = []] = await query("SELECT sqlite_version()");
  const [[stored = null] = []] = await query("PRAGMA encoding");
  const encoding = stored === "UTF-16le" ? "utf-16le" : stored === "UTF-16be" ? "utf-16be" : "utf-8";
  const sizes = new Map<string, { bytes: number; longest: number }>();
  for (const [name, bytes, longest] of await query("SELECT name, pgsize, mx_payload FROM dbstat WHERE aggregate = 1")) {
    sizes.set(text(name), { bytes: Number(bytes), longest: Number(longest) });
  }
  const tables = new Map<string, SQLiteTable>();
  const beyond: string[] = [];
  for (const [name = null, type, withoutRowid] of await query(tablesQuery)) {
    if (type === "virtual") {
      beyond.push(`table ${text(name)} is a virtual table, whose rows only its own module can read`);
      continue;
    }
    const size = sizes.get(text(name)) ?? { bytes: 0, longest: 0 };
    const found = await readTable(query, text(name), withoutRowid === 1n);
    const table = { ...found.table, ...size };
    tables.set(table.name, table);
    beyond.push(...found.beyond);
    if (table.longest > longestRow) {
      beyond.push(
        `table ${table.name} holds a row of ${table.longest.toString()} bytes; rows of more than ${(longestRow / 10 ** 6).toString()} MB are not carried`,
      );
    }
  }
  const shown = [...tables.values()].map(
    ({ name, columns, unique, bytes }) =>
      [
        name,
        {
          columns: new Map(columns.map(({ name: column, type, notNull }) => [column, { type, notNull }])),
          unique,
          bytes,
        },
      ] as const,
  );
  const catalogue = {
    engine: "sqlite",
    version: `SQLite ${text(version)}`,
    major: 3,
    encoding: text(stored),
    tables: new Map(shown),
    beyond,
  };
  return { catalogue, tables, encoding };
}

async function readTable(
  query: Query,
  name: string,
  withoutRowid: boolean,
): Promise<{ table: Omit<SQLiteTable, "bytes" | "longest">; beyond: string[] }> {
  const rows = (await query(columnsQuery, [name])).map(([column, type, notNull, key]) => ({
    name: text(column),
    declared: text(type),
    notNull: notNull === 1n,
    key: Number(key),
  }));
  const key = rows
    .filter((column) => column.key > 0)
    .sort((one, other) => one.key - other.key)
    .map((column) => column.name);
  const indexes = new Map<string, { columns: (string | undefined)[]; origin: string; collations: string[] }>();
  for (const [index, origin, column, collation] of await query(uniqueQuery, [name])) {
    const entry = indexes.get(text(index)) ?? { columns: [], origin: text(origin), collations: [] };
    entry.columns.push(typeof column === "string" ? column : undefined);
    entry.collations.push(text(collation));
    indexes.set(text(index), entry);
  }
  const named = [...indexes.values()].flatMap(({ columns }) => {
    const names = columns.filter((column) => column !== undefined);
    return names.length === columns.length ? [names] : [];
  });
  // A key of one INTEGER column that has no index is the row's number under another name.
  const alias = !withoutRowid && key.length === 1 && ![...indexes.values()].some(({ origin }) => origin === "pk");
  const names = new Set(rows.map((column) => column.name.toLowerCase()));
  const free = ["rowid", "_rowid_", "oid"].find((one) => !names.has(one));
  const rowid = withoutRowid ? undefined : alias ? key[0] : free;
  const beyond: string[] = [];
  if (!withoutRowid && rowid === undefined) {
    beyond.push(`table ${name} has columns named rowid, _rowid_ and oid, so that its rows' own numbers cannot be read`);
  }
  const foreign = withoutRowid
    ? [...indexes.values()].flatMap(({ collations }) => collations.filter((one) => !knownCollations.includes(one)))
    : [];
  if (foreign.length > 0) {
    beyond.push(`table ${name} is ordered by ${foreign.join(", ")}, which only the application knows`);
  }
  const table = {
    name,
    columns: rows.map((column) => ({
      name: column.name,
      type: plainType(column.declared),
      notNull: column.notNull || (alias && column.name === key[0]),
      textual: isTextual(column.declared),
    })),
    unique: alias ? [key, ...named] : named,
    rowid,
    key,
  };
  return { table, beyond };
}

const text = (value: SQLiteValue | undefined): string => (typeof value === "string" ? value : "");

/** A declared type in lower case, without its length. */
const plainType = (declared: string): string =>
  declared
    .toLowerCase()
    .replace(/\s*\([^)]*\)/g, "")
    .replace(/\s+/g, " ")
    .trim();

/** SQLite's own rule: INT before CHAR, CLOB and TEXT. */
const isTextual = (declared: string): boolean => !/int/i.test(declared) && /char|clob|text/i.test(declared);
