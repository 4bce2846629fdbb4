import mysql from "mysql2";
import { serverName } from "../../sql/server-errors.ts";
import type { MariaDBConfig } from "./config.ts";

/** A row as it comes: the bytes of each column, or null. */
export type Row = readonly (Buffer | null)[];

/** Who is told what a query yields. Rows come one by one; `end` is called once, with an error if there was one. */
export interface Listener {
  row(row: Row): void;
  end(error?: Error): void;
}

// An empty mode neither refuses zero dates nor pads CHAR; the long limits let a reader stall for as long as its consumer
// does. Sums rely on it that a derived table is worked out once. A server may be set to cut every answer off, to refuse
// what reads much, and to begin or end transactions by itself.
const settings = `SET NAMES utf8mb4 COLLATE utf8mb4_bin, time_zone = '+00:00', sql_mode = '',
  net_write_timeout = 86400, net_read_timeout = 86400, wait_timeout = 86400, max_statement_time = 0,
  idle_transaction_timeout = 0, idle_readonly_transaction_timeout = 0,
  sql_select_limit = 18446744073709551615, sql_big_selects = 1, sql_safe_updates = 0, sql_auto_is_null = 0,
  autocommit = 1, completion_type = 'NO_CHAIN', div_precision_increment = 4, lc_time_names = 'en_US',
  optimizer_switch = 'derived_merge=off'`;

const connectTimeout = 10_000;

interface Task {
  readonly sql: string;
  listener: Listener;
  /** What must be over before it starts. */
  readonly after?: Promise<void>;
}

const nobody: Listener = { row: () => undefined, end: () => undefined };

/** The server's words for: this connection was ended by somebody, or the server is going down. */
const ended = new Set([
  "ER_CONNECTION_KILLED",
  "ER_SERVER_SHUTDOWN",
  "ER_NORMAL_SHUTDOWN",
  "ER_NEW_ABORTING_CONNECTION",
]);

// Without the statement, which the driver's errors carry along.
function told(error: Error): Error & { readonly code: string } {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return Object.assign(new Error(error.message), { code });
}

/** One connection. It does one thing at a time. */
export class Session {
  readonly #connection: mysql.Connection;
  readonly #config: MariaDBConfig;
  #lost: Error | undefined;
  #running: Task | undefined;
  readonly #waiting: Task[] = [];

  private constructor(config: MariaDBConfig) {
    this.#config = config;
    const { socketPath, host, port, user, password, database, ssl } = config;
    this.#connection = mysql.createConnection({
      ...(socketPath === undefined ? { host, port } : { socketPath }),
      user,
      ...(password === undefined ? {} : { password }),
      database,
      charset: "utf8mb4_bin",
      connectTimeout,
      ...(ssl === undefined ? {} : { ssl: { ...ssl, rejectUnauthorized: true, verifyIdentity: true } }),
    });
  }

  /**
   * Connects, with values set to read the same on every server.
   *
   * @throws what the server or the network says, and an error when the server is none of MariaDB's; the server is named
   */
  static async open(config: MariaDBConfig): Promise<Session> {
    const session = new Session(config);
    await new Promise<void>((resolve, reject) => {
      session.#connection.once("connect", () => {
        resolve();
      });
      session.#connection.on("error", (error: Error) => {
        session.#lose(told(error));
        reject(session.#named(told(error)));
      });
    });
    try {
      const version = (await session.rows("SELECT VERSION()"))[0]?.[0] ?? "";
      if (!version.includes("MariaDB"))
        throw session.#named(new Error(`The server is no MariaDB; it says that it is ${version}.`));
      await session.rows(settings);
      await session.rows("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    } catch (error) {
      session.destroy();
      throw error;
    }
    return session;
  }

  /** Whether the connection can still be used. */
  get alive(): boolean {
    return this.#lost === undefined;
  }

  #lose(error: Error): void {
    this.#lost ??= this.#named(error);
    this.#finish(this.#lost);
  }

  /** An error that says whose it is: what breaks a connection is not about what was asked of it. */
  #named<Kind extends Error>(error: Kind): Kind {
    const { what = "the source" } = this.#config;
    error.message = `${serverName({ ...this.#config, what })}: ${error.message}`;
    return error;
  }

  #finish(error?: Error): void {
    const running = this.#running;
    this.#running = undefined;
    running?.listener.end(error);
    this.#next();
  }

  /** All rows of a query, as bytes. */
  async cells(sql: string): Promise<Row[]> {
    const rows: Row[] = [];
    await this.each(sql, (row) => rows.push(row));
    return rows;
  }

  /** All rows of a query, as texts. */
  async rows(sql: string): Promise<(string | null)[][]> {
    return (await this.cells(sql)).map((row) => row.map((cell) => cell?.toString("utf8") ?? null));
  }

  /** Shows every row of a query to `seen`, one by one. */
  async each(sql: string, seen: (row: Row) => void): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.listen(sql, {
        row: seen,
        end: (error) => {
          if (error === undefined) resolve();
          else reject(error);
        },
      });
    });
  }

  /** Asks a query, after those that were asked before. A connection that is lost ends it with an error. */
  listen(sql: string, listener: Listener): void {
    this.#waiting.push({ sql, listener });
    this.#next();
  }

  #next(): void {
    if (this.#running !== undefined) return;
    const task = this.#waiting.shift();
    if (task === undefined) return;
    this.#running = task;
    if (task.after === undefined) this.#start(task);
    else
      void task.after.then(() => {
        this.#start(task);
      });
  }

  #start(task: Task): void {
    if (this.#running !== task) return;
    if (this.#lost !== undefined) {
      this.#finish(this.#lost);
      return;
    }
    const query = this.#connection.query({ sql: task.sql, rowsAsArray: true, typeCast: false });
    query.on("result", (row: unknown) => {
      if (Array.isArray(row)) task.listener.row(row as Row);
    });
    query.on("error", (error: Error) => {
      const said = told(error);
      const broken = ("fatal" in error && error.fatal === true) || ended.has(said.code);
      if (this.#running === task) this.#finish(broken ? this.#named(said) : said);
    });
    query.on("end", () => {
      if (this.#running === task) this.#finish();
    });
  }

  /** Takes no more from the network until `resume`. */
  pause(): void {
    this.#connection.pause();
  }

  resume(): void {
    this.#connection.resume();
  }

  /** Ends a query without another word to its listener. What is asked next waits until it is over; the transaction stays. */
  cancel(listener: Listener): void {
    const place = this.#waiting.findIndex((task) => task.listener === listener);
    if (place >= 0) this.#waiting.splice(place, 1);
    const task = this.#running;
    if (task?.listener !== listener) return;
    task.listener = nobody;
    // A kill that comes too late hits the next statement, which must be one that nobody misses.
    this.#waiting.unshift({ sql: "DO 0", listener: nobody, after: this.#kill() });
    this.resume();
  }

  async #kill(): Promise<void> {
    try {
      const other = await Session.open(this.#config);
      await other.rows(`KILL QUERY ${this.#connection.threadId.toString()}`);
      other.destroy();
    } catch {
      // The query then runs to its end, and its rows are thrown away.
    }
  }

  /** Closes the connection at once, whatever it is doing. */
  destroy(): void {
    // Who has nothing under way says goodbye; the server would note a connection that broke.
    if (this.#running === undefined && this.alive) this.#connection.end(() => undefined);
    else this.#connection.destroy();
    this.#lose(new Error("the connection was closed"));
  }
}
