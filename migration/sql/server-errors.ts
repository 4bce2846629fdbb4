import { EventEmitter } from "node:events";
import pg from "pg";

/** A server's address, and what it is to the one who connects; without a word it is the target. */
export type ServerAddress = pg.ClientConfig & { readonly what?: string };

/** The server that an address leads to, for messages: what it is and where, and nothing that opens it. */
export function serverName({
  what,
  host,
  port,
  database,
}: Pick<ServerAddress, "what" | "host" | "port" | "database">): string {
  return `${what ?? "the target"} (${host ?? ""}:${String(port ?? "")}/${database ?? ""})`;
}

// SQLSTATE classes of what is about a connection and not about a query: connection, resources, an operator's doing.
const ofConnections = /^(?:08|53|57P)/;

/**
 * Makes errors of a connection that breaks say whose it was, be they told by a query, a COPY or later ones: the driver's
 * own words ("Connection terminated unexpectedly") do not. What a server says about a query stays as it is.
 */
export class ServerErrors {
  readonly #name: string;
  readonly #named = new WeakSet<Error>();
  #broken = false;

  /** Watches a client, before it does anything. */
  constructor(client: pg.Client, address: ServerAddress) {
    this.#name = serverName(address);
    // The event comes before the queries are told of the same error.
    client.on("error", (error) => {
      this.#broken = true;
      this.name(error);
    });
    const query = new Proxy(client.query.bind(client), {
      apply: (itself, _, args: unknown[]): unknown => this.#watch(Reflect.apply(itself, client, args)),
    });
    Reflect.set(client, "query", query);
  }

  /** Puts the server's name before the message of an error that is about the connection; once. */
  name(error: unknown): void {
    if (!(error instanceof Error) || this.#named.has(error)) return;
    const about = error instanceof pg.DatabaseError ? ofConnections.test(error.code ?? "") : this.#broken;
    if (!about) return;
    this.#named.add(error);
    error.message = `${this.#name}: ${error.message}`;
  }

  #watch(answer: unknown): unknown {
    if (answer instanceof Promise) {
      return answer.catch((error: unknown) => {
        this.name(error);
        throw error;
      });
    }
    if (answer instanceof EventEmitter) {
      answer.prependListener("error", (error) => {
        this.name(error);
      });
    }
    return answer;
  }
}
