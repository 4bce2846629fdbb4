import type pg from "pg";
import { Refusal } from "../../engine/outcome.ts";
import { isStaged, isView, keyColumns, keyOf, sourceType } from "../../plans/columns.ts";
import { repairsOf } from "../../plans/repairs.ts";
import { refersToItself } from "../../plans/order.ts";
import type { FoldedTable, MappedTable, Plan } from "../../plans/plan.ts";
import { Connection } from "../../sql/connection.ts";
import { selfTest } from "../../sql/fingerprint.ts";
import { identifier, literal } from "../../sql/quote.ts";
import { evenBoundaries } from "../../sql/range.ts";
import { doubtfulKeys } from "../check.ts";
import type { Profile, Source, SourceCatalogue, SourceReader, SourceSnapshot, TargetConstraint } from "../source.ts";
import { introspect } from "./introspection.ts";
import { relation, type Place } from "./place.ts";
import { PostgresReader } from "./reader.ts";
import { profileQuery, rejectedList, rejectedQuery, verdictOf, type Ruling } from "./verdict.ts";

/** Above this many rejected rows a table's list of them is worked out anew wherever it is needed, so that memory stays flat. */
const longestList = 100_000;

async function connect(config: pg.ClientConfig, schema: string): Promise<Connection> {
  const connection = await Connection.open(config);
  return connection.prepared(async () => {
    // With row security on, rows that the role may not see would be left behind without a word.
    await connection.client.query(`SET search_path = ${identifier(schema)}; SET row_security = off`);
  });
}

/**
 * Opens a PostgreSQL source and reads its catalogue.
 *
 * @param limit rejected rows of a table up to which they are kept as a list
 */
export async function openPostgres(plan: Plan, config: pg.ClientConfig, limit = longestList): Promise<Source> {
  const connection = await connect(config, "public");
  try {
    const catalogue = await introspect(connection.client);
    return new PostgresSource({ plan, schema: "public" }, { config, limit, connection, catalogue });
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** What is known of the source behind a staging copy: its own tables, and how many rows each of them has. */
export interface Behind {
  readonly tables: SourceCatalogue["tables"];
  readonly counts: ReadonlyMap<string, number>;
}

/** Opens the staging copy of a source that is not PostgreSQL. */
export async function openStaged(place: Place, config: pg.ClientConfig, behind: Behind): Promise<Source> {
  const connection = await connect(config, place.schema);
  try {
    const server = await introspect(connection.client);
    const catalogue = { ...server, tables: behind.tables, beyond: [] };
    const { counts } = behind;
    return new PostgresSource(place, { config, limit: longestList, connection, catalogue, counts });
  } catch (error) {
    await connection.close();
    throw error;
  }
}

interface Opened {
  readonly config: pg.ClientConfig;
  readonly limit: number;
  readonly connection: Connection;
  readonly catalogue: SourceCatalogue;
  /** Rows of each table where they are known; a staging copy has not all of them. */
  readonly counts?: ReadonlyMap<string, number>;
}

class PostgresSource implements Source {
  readonly catalogue: SourceCatalogue;
  readonly #place: Place;
  readonly #opened: Opened;

  constructor(place: Place, opened: Opened) {
    this.#place = place;
    this.#opened = opened;
    this.catalogue = opened.catalogue;
  }

  async selfTest(): Promise<{ first: string; second: string } | undefined> {
    if (this.catalogue.major < 14) return undefined;
    return (await this.#opened.connection.client.query<{ first: string; second: string }>(selfTest)).rows[0];
  }

  async snapshot(): Promise<SourceSnapshot> {
    const connection = await connect(this.#opened.config, this.#place.schema);
    let name = "";
    await connection.prepared(async () => {
      await connection.client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      const exported = await connection.client.query<{ name: string }>("SELECT pg_export_snapshot() AS name");
      name = exported.rows[0]?.name ?? "";
    });
    return new PostgresSnapshot(this.#place, { ...this.#opened, connection, name });
  }

  async close(): Promise<void> {
    await this.#opened.connection.close();
  }
}

class PostgresSnapshot implements SourceSnapshot {
  readonly #place: Place;
  readonly #opened: Opened & { name: string };
  readonly #rejected = new Map<string, string>();
  readonly #rulings = new Map<string, readonly Ruling[]>();
  /** Connections to survey with, besides the snapshot's own, and those of all that nobody uses. */
  readonly #others: Connection[] = [];
  readonly #idle: Connection[];

  constructor(place: Place, opened: Opened & { name: string }) {
    this.#place = place;
    this.#opened = opened;
    this.#idle = [opened.connection];
  }

  async profile(table: MappedTable | FoldedTable, constraints: readonly TargetConstraint[]): Promise<Profile> {
    const connection = this.#idle.pop() ?? (await this.#another());
    try {
      return await this.#profile(connection, table, constraints);
    } finally {
      this.#idle.push(connection);
    }
  }

  async #another(): Promise<Connection> {
    const connection = await this.#connect();
    this.#others.push(connection);
    return connection;
  }

  /** A connection that sees what the snapshot's own sees. */
  async #connect(): Promise<Connection> {
    const connection = await connect(this.#opened.config, this.#place.schema);
    return connection.prepared(async () => {
      await connection.client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      await connection.client.query(`SET TRANSACTION SNAPSHOT '${this.#opened.name}'`);
    });
  }

  async #profile(
    connection: Connection,
    table: MappedTable | FoldedTable,
    constraints: readonly TargetConstraint[],
  ): Promise<Profile> {
    const again = this.#rejected.has(table.source);
    const { catalogue } = this.#opened;
    await this.#refuseKeyless(connection, table);
    await this.#refuseDoubled(connection, table);
    const unique = table.disposition === "mapped" ? doubtfulKeys(table, catalogue) : [];
    const verdict = verdictOf(this.#place, table, { rejected: this.#rejected, constraints, unique });
    const repairs = table.disposition === "mapped" ? repairsOf(this.#place.plan, table) : [];
    const result = await connection.client.query<
      { verdict: number | null; rows: string; repaired: string } & Record<string, string>
    >(profileQuery(verdict, repairs.length));
    const count = (rows: readonly { rows: string }[]): number => rows.reduce((sum, row) => sum + Number(row.rows), 0);
    const held = result.rows.filter((row) => row.verdict !== null);
    const landing = result.rows.find((row) => row.verdict === null);
    this.#rulings.set(table.source, verdict.rulings);
    if (held.length > 0) {
      this.#rejected.set(table.source, await this.#rejectedRows(connection, table, { verdict, rows: count(held) }));
      // Who refers to a row of the same table can only be judged once it is known which rows are held back.
      if (!again && refersToItself(table)) return this.#profile(connection, table, constraints);
    }
    return {
      rows: count(result.rows),
      rejected: count(held),
      quarantine: verdict.rulings
        .map((ruling, index) => ({ ...ruling, rows: count(held.filter((row) => row.verdict === index + 1)) }))
        .filter(({ rows }) => rows > 0),
      repairs: repairs.map(({ name }, index) => ({
        name,
        rows: Number(landing?.[`repair_${(index + 1).toString()}`] ?? 0),
      })),
      repaired: Number(landing?.repaired ?? 0),
      bytes: catalogue.tables.get(table.source)?.bytes ?? 0,
    };
  }

  // A row that cannot be named can neither land nor be held back.
  async #refuseKeyless(connection: Connection, table: MappedTable | FoldedTable): Promise<void> {
    const { catalogue } = this.#opened;
    const columns = catalogue.tables.get(table.source)?.columns;
    const missing = keyColumns(table).filter((column) => columns?.get(column)?.notNull === false);
    if (missing.length === 0) return;
    const result = await connection.client.query<{ rows: string }>(
      `SELECT count(*) AS rows FROM ${relation(this.#place, table.source)} t WHERE ${missing.map((column) => isMissing(this.#place.plan, column)).join(" OR ")}`,
    );
    const rows = result.rows[0]?.rows ?? "0";
    if (rows === "0") return;
    throw new Refusal(`${table.source} has rows without a key`, [
      `${missing.join(", ")}: is empty in ${rows} of its rows; a row needs a key to be told from the others. Give them one, or delete them`,
    ]);
  }

  // To SQLite a text and the same bytes are two keys; read, they are one, and their rows could not be told apart.
  async #refuseDoubled(connection: Connection, table: MappedTable | FoldedTable): Promise<void> {
    const { plan } = this.#place;
    const [only, ...others] = keyColumns(table).map((column) => sourceType(plan, table.source, column));
    const isNumber = others.length === 0 && only === "bigint";
    if (plan.engine !== "sqlite" || isNumber || isView(plan, table)) return;
    const key = `t.${identifier(keyOf(table))}`;
    const result = await connection.client.query<{ keys: string }>(
      `SELECT count(*) AS keys FROM (SELECT FROM ${relation(this.#place, table.source)} t WHERE ${key} IS NOT NULL GROUP BY ${key} HAVING count(*) > 1) d`,
    );
    const keys = result.rows[0]?.keys ?? "0";
    if (keys === "0") return;
    throw new Refusal(`${table.source} has rows whose keys read the same`, [
      `${keyColumns(table).join(", ")}: values that are several rows' keys, as a text here and as bytes there (typeof says which): ${keys}. A row needs a key to be told from the others. Give them others, or delete them`,
    ]);
  }

  async #rejectedRows(
    connection: Connection,
    table: MappedTable | FoldedTable,
    { verdict, rows }: { verdict: ReturnType<typeof verdictOf>; rows: number },
  ): Promise<string> {
    const query = rejectedQuery(verdict);
    if (rows > this.#opened.limit) return query;
    const result = await connection.client.query<{ key: string; verdict: number }>(
      `SELECT r.key::text AS key, r.verdict FROM (${query}) r ORDER BY 1`,
    );
    return rejectedList(this.#place.plan, table, result.rows);
  }

  async count(source: string): Promise<number> {
    const known = this.#opened.counts?.get(source);
    if (known !== undefined) return known;
    const { client } = this.#opened.connection;
    const result = await client.query<{ rows: string }>(
      `SELECT count(*) AS rows FROM ${relation(this.#place, source)} t`,
    );
    return Number(result.rows[0]?.rows ?? 0);
  }

  async boundaries(table: MappedTable, of: { rows: number; perChunk: number }): Promise<string[]> {
    if (of.rows <= of.perChunk) return [];
    const { client } = this.#opened.connection;
    const key = `t.${identifier(table.range.column)}${table.range.kind === "text" ? ' COLLATE "C"' : ""}`;
    const from = relation(this.#place, table.source);
    if (table.range.kind === "integer") {
      const ends = await client.query<{ min: string; max: string }>(
        `SELECT min(${key})::text AS min, max(${key})::text AS max FROM ${from} t`,
      );
      const { min, max } = ends.rows[0] ?? { min: "0", max: "0" };
      const even = evenBoundaries({ min: BigInt(min), max: BigInt(max), rows: of.rows, perChunk: of.perChunk });
      if (even !== undefined) return even;
    }
    const firsts = await client.query<{ low: string }>(`SELECT k.key::text AS low
FROM (SELECT ${key} AS key, row_number() OVER (ORDER BY ${key}) - 1 AS before FROM ${from} t WHERE ${key} IS NOT NULL) k
WHERE k.before % ${of.perChunk.toString()} = 0 ORDER BY k.before`);
    return [...new Set(firsts.rows.map(({ low }) => low).slice(1))];
  }

  isDirect(): boolean {
    return false;
  }

  async reader(): Promise<SourceReader> {
    return new PostgresReader(await this.#connect(), {
      place: this.#place,
      inTarget: this.#opened.counts !== undefined,
      rejected: this.#rejected,
      rulings: this.#rulings,
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.#opened.connection, ...this.#others].map((connection) => connection.close()));
  }
}

/** Whether a legacy column is empty; what a staged one could not be read as is not. */
const isMissing = (plan: Plan, column: string): string =>
  `(t.${identifier(column)} IS NULL${isStaged(plan) ? ` AND (${literal(column)} = ANY (t."~faults")) IS NOT TRUE` : ""})`;
