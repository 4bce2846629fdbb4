import { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { readingSettings } from "./fingerprint.ts";

/** How long a connection gets to say goodbye, in milliseconds; one that stands in the middle of a COPY never does. */
const farewell = 500;

/** A connection whose socket is ours, so that it can be dropped whatever it is doing. */
export class Connection {
  readonly client: pg.Client;
  readonly #socket = new Socket();

  private constructor(config: pg.ClientConfig) {
    this.client = new pg.Client({
      application_name: "landfall-migration",
      keepAlive: true,
      ...config,
      stream: () => this.#socket,
    });
    // A connection that breaks fails its query as well, which is where it is told.
    this.client.on("error", () => undefined);
  }

  /** Connects directly, not through a pool, with values set to read the same on every server. */
  static async open(config: pg.ClientConfig): Promise<Connection> {
    const connection = new Connection(config);
    await connection.client.connect();
    await connection.client.query(readingSettings);
    return connection;
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
