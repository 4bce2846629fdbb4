import type { SourceCatalogue, SourceColumn, SourceTable } from "../source.ts";
import type { Session } from "./session.ts";
import { text } from "./sql.ts";

/** A column as MariaDB declares it. */
export interface ColumnDefinition extends SourceColumn {
  readonly name: string;
  /** The type without lengths and attributes. */
  readonly base: string;
  readonly unsigned: boolean;
  readonly zerofill: boolean;
  /** Digits altogether and after the point, of numbers; digits of the fraction, of times. */
  readonly precision: number;
  readonly scale: number;
  readonly charset: string | null;
  readonly collation: string | null;
}

export interface TableDefinition extends SourceTable {
  readonly columns: ReadonlyMap<string, ColumnDefinition>;
  /** The columns of the primary key, or of the first unique key whose columns are never NULL; empty without one. */
  readonly key: readonly string[];
}

/** What a MariaDB database holds, with what only MariaDB says of it. */
export interface MariaDBCatalogue extends SourceCatalogue {
  readonly tables: ReadonlyMap<string, TableDefinition>;
}

/** Engines with which START TRANSACTION WITH CONSISTENT SNAPSHOT gives a view that stays. */
const transactional = new Set(["innodb", "rocksdb", "tokudb"]);

/** What the database holds, as far as the user may see it. */
export async function introspect(session: Session, database: string): Promise<MariaDBCatalogue> {
  const schema = text(database);
  const version = (await session.rows("SELECT VERSION()"))[0]?.[0] ?? "";
  const tables = await session.rows(`SELECT TABLE_NAME, TABLE_TYPE, ENGINE, COALESCE(DATA_LENGTH, 0), TABLE_COMMENT
FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${schema} AND TABLE_TYPE <> 'VIEW' ORDER BY TABLE_NAME`);
  const columns = await columnsOf(session, schema);
  const keys = await keysOf(session, schema);
  const base = tables.filter(([, type]) => type === "BASE TABLE" || type === "SYSTEM VERSIONED");
  return {
    engine: "mariadb",
    version,
    major: Number.parseInt(version, 10),
    encoding: "UTF8",
    tables: new Map(
      base.map(([table, , , bytes]) => {
        const own = columns.get(table ?? "") ?? new Map<string, ColumnDefinition>();
        const unique = keys.get(table ?? "") ?? [];
        const key = unique.find((names) => names.every((column) => own.get(column)?.notNull === true)) ?? [];
        return [table ?? "", { columns: own, unique, key, bytes: Number(bytes) }];
      }),
    ),
    beyond: tables.flatMap(([table, type, engine, , comment]) =>
      beyondPlans({ table: table ?? "", type: type ?? "", engine: engine ?? null, comment: comment ?? "" }),
    ),
  };
}

function beyondPlans(of: { table: string; type: string; engine: string | null; comment: string }): string[] {
  const { table, type, engine, comment } = of;
  if (type === "SEQUENCE") return [`${table} is a sequence, whose state no plan takes over`];
  if (type === "SYSTEM VERSIONED") {
    return [`table ${table} keeps its rows' history (system versioning), of which only the present would come over`];
  }
  if (engine === null) return [`table ${table} cannot be opened by the server: ${comment}`];
  if (transactional.has(engine.toLowerCase())) return [];
  return [
    `table ${table} has the engine ${engine}, which knows no transactions: its rows would be read as they are at ` +
      `different moments; change it to InnoDB first (ALTER TABLE … ENGINE = InnoDB)`,
  ];
}

async function columnsOf(session: Session, schema: string): Promise<Map<string, Map<string, ColumnDefinition>>> {
  const checks = await session.rows(`SELECT TABLE_NAME, CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS
WHERE CONSTRAINT_SCHEMA = ${schema}`);
  const json = new Set(
    checks.flatMap(([table, clause]) => {
      const column = /^json_valid\(`(.*)`\)$/i.exec(clause ?? "")?.[1];
      return column === undefined ? [] : [`${table ?? ""}.${column.replaceAll("``", "`")}`];
    }),
  );
  const rows = await session.rows(`SELECT TABLE_NAME, COLUMN_NAME, LOWER(DATA_TYPE), LOWER(COLUMN_TYPE), IS_NULLABLE,
  COALESCE(NUMERIC_PRECISION, DATETIME_PRECISION, 0), COALESCE(NUMERIC_SCALE, 0), CHARACTER_SET_NAME, COLLATION_NAME
FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ${schema} ORDER BY TABLE_NAME, ORDINAL_POSITION`);
  const tables = new Map<string, Map<string, ColumnDefinition>>();
  for (const [table = "", name, base, declared, nullable, precision, scale, charset, collation] of rows) {
    if (table === null || name === null || name === undefined) continue;
    const isJson = json.has(`${table}.${name}`);
    const own = tables.get(table) ?? new Map<string, ColumnDefinition>();
    own.set(name, {
      name,
      base: base ?? "",
      type: isJson ? "json" : normalType(base ?? "", declared ?? ""),
      unsigned: declared?.includes(" unsigned") === true,
      zerofill: declared?.includes(" zerofill") === true,
      notNull: nullable === "NO",
      precision: Number(precision),
      scale: Number(scale),
      charset: charset ?? null,
      collation: collation ?? null,
    });
    tables.set(table, own);
  }
  return tables;
}

/** A declared type without its lengths; `tinyint(1)` and `bit(1)` keep theirs, because they mean a truth value. */
export function normalType(base: string, declared: string): string {
  if (declared === "tinyint(1)" || declared === "bit(1)") return declared;
  return declared.includes(" unsigned") ? `${base} unsigned` : base;
}

async function keysOf(session: Session, schema: string): Promise<Map<string, string[][]>> {
  const rows =
    await session.rows(`SELECT TABLE_NAME, INDEX_NAME, COLUMN_NAME, SUB_PART FROM information_schema.STATISTICS
WHERE TABLE_SCHEMA = ${schema} AND NON_UNIQUE = 0
ORDER BY TABLE_NAME, INDEX_NAME <> 'PRIMARY', INDEX_NAME, SEQ_IN_INDEX`);
  const tables = new Map<string, Map<string, string[]>>();
  const partial = new Set<string>();
  for (const [table = "", index = "", column = "", part] of rows) {
    const keys = tables.get(table ?? "") ?? new Map<string, string[]>();
    keys.set(index ?? "", [...(keys.get(index ?? "") ?? []), column ?? ""]);
    tables.set(table ?? "", keys);
    // A key of beginnings says less of whole values than it seems to.
    if (part !== null) partial.add(`${table ?? ""}.${index ?? ""}`);
  }
  return new Map(
    [...tables].map(([table, keys]) => [
      table,
      [...keys].filter(([index]) => !partial.has(`${table}.${index}`)).map(([, columns]) => columns),
    ]),
  );
}
