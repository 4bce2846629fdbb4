import type { Plan } from "../../plans/plan.ts";
import { evenBoundaries } from "../../sql/range.ts";
import type { ForeignSnapshot, ForeignSource } from "../foreign.ts";
import type { SourceCatalogue } from "../source.ts";
import { stableCopy, type StableCopy } from "./copy.ts";
import { introspect, type Introspection, type SQLiteTable } from "./introspection.ts";
import { makeMarks, type Marks } from "./marks.ts";
import type { SQLiteValue } from "./protocol.ts";
import { identifier } from "./quote.ts";
import { SQLiteReader, type Reading } from "./reader.ts";
import { writeKey } from "./relation.ts";
import { DatabaseThread } from "./thread.ts";

/**
 * Opens a SQLite database: a private copy of it as it is now, checked, which is what all snapshots show. Nothing is
 * written beside the original. The copy lies in the directory for temporary files (TMPDIR) until the source is closed.
 *
 * @param plan what tables that go straight into the target are mapped by; without it they can only be staged
 * @throws an Error that says what is wrong with the file, without naming it
 */
export async function openSQLite(path: string, plan?: Plan): Promise<SQLiteSource> {
  const copy = await stableCopy(path);
  const marks = makeMarks();
  const thread = new DatabaseThread(copy.path, marks);
  const checker = new DatabaseThread(copy.path, marks);
  try {
    const [introspection] = await Promise.all([introspect((sql, values) => thread.query(sql, values)), check(checker)]);
    return new SQLiteSource({ copy, marks, thread, spare: new Set([checker]), introspection, plan });
  } catch (error) {
    await Promise.all([thread.close(), checker.close()]);
    await copy.remove();
    throw error;
  }
}

/** What quick_check says of rows that break the schema's own rules, which are read as they are; and its headings. */
const dirt =
  /^(\*\*\* in database|NULL value in |CHECK constraint failed in |non-\S+ value in |(NUMERIC|TEXT) value in )/;

async function check(thread: DatabaseThread): Promise<void> {
  const found = await thread.query("PRAGMA quick_check(1000)").catch((error: unknown) => {
    throw new Error(`the database is damaged: ${error instanceof Error ? error.message : String(error)}`);
  });
  const faults = found
    .flatMap(([text]) => String(text).split("\n"))
    .filter((line) => line !== "ok" && !dirt.test(line));
  if (faults.length === 0) return;
  const more = faults.length > 3 ? `; and ${(faults.length - 3).toString()} more` : "";
  throw new Error(`the database is damaged: ${faults.slice(0, 3).join("; ")}${more}`);
}

interface Opened {
  readonly copy: StableCopy;
  readonly marks: Marks;
  /** For what is asked about whole tables. */
  readonly thread: DatabaseThread;
  /** Threads that nothing is asked of, for the next readers. */
  readonly spare: Set<DatabaseThread>;
  readonly introspection: Introspection;
  readonly plan: Plan | undefined;
}

/** A SQLite database, as the copy of it shows it. */
export class SQLiteSource implements ForeignSource {
  readonly catalogue: SourceCatalogue;
  readonly #opened: Opened;

  constructor(opened: Opened) {
    this.#opened = opened;
    this.catalogue = opened.introspection.catalogue;
  }

  snapshot(readers: number): Promise<SQLiteSnapshot> {
    return Promise.resolve(new SQLiteSnapshot(this.#opened, readers));
  }

  async close(): Promise<void> {
    const { thread, spare, copy } = this.#opened;
    await Promise.all([thread, ...spare].map((one) => one.close()));
    await copy.remove();
  }
}

/** The copy never changes, so that any number of readers sees one moment. */
export class SQLiteSnapshot implements ForeignSnapshot {
  readonly readers: number;
  readonly #opened: Opened;
  readonly #open = new Set<SQLiteReader>();
  #lent = false;

  constructor(opened: Opened, readers: number) {
    this.#opened = opened;
    this.readers = readers;
  }

  #table(name: string): SQLiteTable {
    const table = this.#opened.introspection.tables.get(name);
    if (table === undefined) throw new Error(`The database has no table ${name}.`);
    return table;
  }

  async count(table: string): Promise<number> {
    const rows = await this.#opened.thread.query(`SELECT count(*) FROM ${identifier(this.#table(table).name)}`);
    return Number(rows[0]?.[0] ?? 0);
  }

  /** Numbers of rows; where rows have none, primary keys. */
  async boundaries(name: string, rowsPerChunk: number): Promise<string[]> {
    const table = this.#table(name);
    const rows = await this.count(name);
    if (rows <= rowsPerChunk) return [];
    const per = BigInt(Math.max(1, rowsPerChunk));
    if (table.rowid === undefined) return this.#keyBoundaries(table, per);
    const row = identifier(table.rowid);
    const ends = await this.#opened.thread.query(`SELECT min(${row}), max(${row}) FROM ${identifier(name)}`);
    const [min = null, max = null] = ends[0] ?? [];
    if (typeof min !== "bigint" || typeof max !== "bigint") return [];
    const even = evenBoundaries({ min, max, rows, perChunk: rowsPerChunk });
    if (even !== undefined) return even;
    const ranked = await this.#ranked(table, [row], per);
    return ranked.map(([key]) => String(key));
  }

  async #keyBoundaries(table: SQLiteTable, per: bigint): Promise<string[]> {
    const keys = table.key.map(identifier);
    const stored = keys.map((key) => `hex(CAST(${key} AS BLOB))`);
    const ranked = await this.#ranked(table, [...keys, ...stored], per);
    return ranked
      .map((row) => ({ key: row.slice(0, keys.length), stored: row.slice(keys.length) }))
      .filter(({ key, stored: bytes }) => key.every((value, index) => comesBack(value, bytes[index] ?? null)))
      .map(({ key }) => writeKey(key));
  }

  #ranked(table: SQLiteTable, values: readonly string[], per: bigint): Promise<SQLiteValue[][]> {
    const order = table.rowid === undefined ? table.key.map(identifier).join(", ") : identifier(table.rowid);
    const named = values.map((value, index) => `${value} AS v${index.toString()}`);
    return this.#opened.thread.query(
      `SELECT ${values.map((_, index) => `v${index.toString()}`).join(", ")}
FROM (SELECT ${named.join(", ")}, row_number() OVER (ORDER BY ${order}) - 1 AS place FROM ${identifier(table.name)})
WHERE place > 0 AND place % ?1 = 0 ORDER BY place`,
      [per],
    );
  }

  reader(): Promise<SQLiteReader> {
    const { marks, introspection, plan } = this.#opened;
    const reader = new SQLiteReader({ ...this.#thread(), introspection, marks, plan });
    this.#open.add(reader);
    return Promise.resolve(reader);
  }

  /**
   * A thread for a reader. One reader has the thread that is asked about whole tables, which saves 11 MB; such a question
   * then waits for what that reader reads.
   */
  #thread(): Pick<Reading, "thread" | "release"> {
    const { copy, marks, spare, thread } = this.#opened;
    const [ready] = spare;
    if (ready === undefined && !this.#lent) {
      this.#lent = true;
      return { thread, release: () => Promise.resolve((this.#lent = false)) };
    }
    if (ready !== undefined) spare.delete(ready);
    const own = ready ?? new DatabaseThread(copy.path, marks);
    return { thread: own, release: () => own.close() };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open].map((reader) => reader.close()));
  }
}

/** Whether a value can be handed to SQLite again and be the same: not so a text that is no text, or an infinite number. */
function comesBack(value: SQLiteValue, stored: SQLiteValue): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value === "string") return Buffer.from(value).toString("hex").toUpperCase() === stored;
  return true;
}
