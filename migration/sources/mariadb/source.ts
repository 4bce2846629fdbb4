import type { Plan } from "../../plans/plan.ts";
import type { ForeignSnapshot, ForeignSource } from "../foreign.ts";
import type { MariaDBConfig } from "./config.ts";
import { introspect, type MariaDBCatalogue } from "./introspection.ts";
import { definitionOf, failure, MariaDBReader, type Reading } from "./reader.ts";
import { boundariesOf } from "./range.ts";
import { Session } from "./session.ts";
import { name } from "./sql.ts";

export { mariadbConfig, type MariaDBConfig } from "./config.ts";
export { canGoDirect } from "./direct.ts";

/**
 * Opens a MariaDB source and reads its catalogue.
 *
 * @param plan what the tables become that are sent straight into the target; staging needs none
 * @throws what the server or the network says
 */
export async function openMariaDB(config: MariaDBConfig, plan?: Plan): Promise<MariaDBSource> {
  const session = await Session.open(config);
  try {
    return new MariaDBSource({ config, plan, session, catalogue: await introspect(session, config.database) });
  } catch (error) {
    session.destroy();
    throw error;
  }
}

interface Opened extends Reading {
  readonly config: MariaDBConfig;
  readonly session: Session;
  readonly catalogue: MariaDBCatalogue;
}

/** A legacy database on MariaDB. It is only ever read. */
export class MariaDBSource implements ForeignSource {
  readonly catalogue: MariaDBCatalogue;
  readonly #opened: Opened;
  readonly #snapshots: MariaDBSnapshot[] = [];

  constructor(opened: Opened) {
    this.#opened = opened;
    this.catalogue = opened.catalogue;
  }

  async snapshot(readers: number): Promise<MariaDBSnapshot> {
    const snapshot = await MariaDBSnapshot.take(this.#opened.config, this.#opened, readers);
    this.#snapshots.push(snapshot);
    return snapshot;
  }

  /** Closes the connections, those of its snapshots too: a transaction that stays open holds the server's tables. */
  async close(): Promise<void> {
    for (const snapshot of this.#snapshots) await snapshot.close();
    this.#opened.session.destroy();
  }
}

const begin = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY";

/** Longest time, in seconds, that writers may have to wait while the readers agree on a moment. */
const longestLock = 10;

/** The server's words for: no right to that, the right in question, and: others have not let go in time. */
const unavailable = new Set(["ER_SPECIFIC_ACCESS_DENIED_ERROR", "ER_ACCESS_DENIED_ERROR", "ER_LOCK_WAIT_TIMEOUT"]);

/**
 * Connections whose transactions see the same moment. All of them begin at once under a lock that stops writers for as
 * long as that takes; where the user may not lock, there is one connection for everything, which then does one thing
 * after the other.
 */
export class MariaDBSnapshot implements ForeignSnapshot {
  readonly readers: number;
  readonly #reading: Reading;
  readonly #control: Session;
  readonly #idle: Session[];
  readonly #all: readonly Session[];

  private constructor(reading: Reading, sessions: readonly [Session, ...Session[]]) {
    this.#reading = reading;
    this.#all = sessions;
    this.#control = sessions[0];
    this.#idle = sessions.length === 1 ? [...sessions] : sessions.slice(1);
    this.readers = this.#idle.length;
  }

  static async take(config: MariaDBConfig, reading: Reading, readers: number): Promise<MariaDBSnapshot> {
    const sessions: Session[] = [];
    const open = async (): Promise<Session> => {
      const session = await Session.open(config);
      sessions.push(session);
      return session;
    };
    try {
      const control = await open();
      // One connection alone agrees with itself; nobody has to wait for that.
      if (readers === 0) {
        await control.rows(begin);
        return new MariaDBSnapshot(reading, [control]);
      }
      const others = await all(Array.from({ length: readers }, open));
      if (await beginTogether(config, [control, ...others])) return new MariaDBSnapshot(reading, [control, ...others]);
      for (const other of others) other.destroy();
      await control.rows(begin);
      return new MariaDBSnapshot(reading, [control]);
    } catch (error) {
      for (const session of sessions) session.destroy();
      throw error;
    }
  }

  async count(table: string): Promise<number> {
    definitionOf(this.#reading.catalogue, table);
    const rows = await this.#ask(table, (session) => session.rows(`SELECT COUNT(*) FROM ${name(table)}`));
    return Number(rows[0]?.[0] ?? 0);
  }

  async boundaries(table: string, rowsPerChunk: number): Promise<string[]> {
    const definition = definitionOf(this.#reading.catalogue, table);
    return this.#ask(table, (session) => boundariesOf(session, { table, definition, rowsPerChunk }));
  }

  async #ask<Result>(table: string, work: (session: Session) => Promise<Result>): Promise<Result> {
    try {
      return await work(this.#control);
    } catch (error) {
      throw failure(`${table},`, error);
    }
  }

  /** @throws when `readers` of them are open, or when the connections that are left have broken */
  reader(): Promise<MariaDBReader> {
    const session = this.#idle.pop();
    if (session === undefined) {
      return Promise.reject(new Error(`All ${this.readers.toString()} readers of the snapshot are in use.`));
    }
    if (!session.alive) return Promise.reject(new Error("A connection of the snapshot has broken; take a new one."));
    return Promise.resolve(
      new MariaDBReader(session, this.#reading, () => {
        this.#idle.push(session);
      }),
    );
  }

  close(): Promise<void> {
    for (const session of this.#all) session.destroy();
    return Promise.resolve();
  }
}

/** The results of all, when each has come to an end: one that comes later than a failure would be known to nobody. */
async function all<Result>(pending: readonly Promise<Result>[]): Promise<Result[]> {
  await Promise.allSettled(pending);
  return Promise.all(pending);
}

/** Begins the sessions' transactions at one moment; false where the server does not let this user stop the writers. */
async function beginTogether(config: MariaDBConfig, sessions: readonly Session[]): Promise<boolean> {
  const locker = await Session.open(config);
  try {
    await locker.rows(`SET lock_wait_timeout = ${longestLock.toString()}`);
    await locker.rows("FLUSH TABLES WITH READ LOCK");
    await Promise.all(sessions.map((session) => session.rows(begin)));
    await locker.rows("UNLOCK TABLES");
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && unavailable.has(String(error.code))) return false;
    throw error;
  } finally {
    locker.destroy();
  }
}
