import { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { readingSettings } from "./fingerprint.ts";
import { ServerErrors, type ServerAddress } from "./server-errors.ts";

/** How long a connection gets to say goodbye, in milliseconds; one that stands in the middle of a COPY never does. */
const farewell = 500;

/** How long a server gets to answer who connects, in milliseconds. */
const patience = 30_000;

/** A connection whose socket is ours, so that it can be dropped whatever it is doing. */
export class Connection {
  readonly client: pg.Client;
  readonly #socket = new Socket();
  readonly #errors: ServerErrors;

  private constructor(config: ServerAddress) {
    this.client = new pg.Client({
      application_name: "landfall-migration",
      keepAlive: true,
      connectionTimeoutMillis: patience,
      ...config,
      stream: () => this.#socket,
    });
    // A connection that breaks fails its query as well, which is where it is told.
    this.#errors = new ServerErrors(this.client, config);
  }

  /**
   * Connects directly, not through a pool, with values set to read the same on every server. Errors that are about the
   * connection name the server.
   */
  static async open(config: ServerAddress): Promise<Connection> {
    const connection = new Connection(config);
    try {
      await connection.client.connect();
    } catch (error) {
      connection.#errors.name(error);
      if (!(error instanceof Error) || error.message !== "timeout expired") throw error;
      const seconds = (config.connectionTimeoutMillis ?? patience) / 1000;
      throw new Error(`it has not answered for ${seconds.toString()} s`, { cause: error });
    }
    return connection.prepared(async () => {
      await connection.client.query(readingSettings);
    });
  }

  /** Itself, when it has been made ready. Where that fails nobody else could close it, and a process would not end. */
  async prepared(work: () => Promise<void>): Promise<this> {
    try {
      await work();
      return this;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    const abandoned = new AbortController();
    const ended = this.client.end().catch(() => undefined);
    await Promise.race([ended, delay(farewell, undefined, { signal: abandoned.signal }).catch(() => undefined)]);
    abandoned.abort();
    this.#socket.destroy();
  }
}

/** Runs `work` between BEGIN and COMMIT; whatever it throws undoes it. */
export async function inTransaction<Result>(client: pg.Client, work: () => Promise<Result>): Promise<Result> {
  await client.query("BEGIN");
  try {
    const result = await work();
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}
