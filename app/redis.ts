import { createClient } from "redis";
import type { Configuration } from "./configuration.ts";

const connectTimeoutMilliseconds = 5_000;
const answerTimeoutMilliseconds = 5_000;
const longestPauseMilliseconds = 2_000;

/** Redis did not answer in time. */
export class RedisTimeout extends Error {
  override readonly name = "RedisTimeout";
}

function redisClient(address: Configuration["redis"]) {
  return createClient({
    socket: {
      host: address.host,
      port: address.port,
      ...(address.tls ? { tls: true, ...(address.authority === undefined ? {} : { ca: address.authority }) } : {}),
      connectTimeout: connectTimeoutMilliseconds,
      reconnectStrategy: (attempts) => Math.min(100 * 2 ** attempts, longestPauseMilliseconds),
    },
    password: address.password,
    database: address.database,
    // Without a connection a command fails at once; a page must not wait for Redis to come back.
    disableOfflineQueue: true,
  });
}

export type RedisClient = ReturnType<typeof redisClient>;

/** A connection to Redis that comes back by itself. */
export interface Redis {
  /**
   * Runs commands and returns their answer. Throws at once without a connection, and RedisTimeout after 5 s (or the
   * given time) without an answer.
   */
  ask<Answer>(commands: (client: RedisClient) => Promise<Answer>, timeoutMilliseconds?: number): Promise<Answer>;
  /** Resolves when the first attempt to connect has succeeded or failed. */
  readonly tried: Promise<void>;
  close(): void;
}

/** Starts to connect to Redis and goes on trying until closed; errors on the way go to `onError`. */
export function openRedis(address: Configuration["redis"], onError: (error: Error) => void): Redis {
  const client = redisClient(address);
  client.on("error", onError);
  const tried = new Promise<void>((resolve) => {
    client.once("ready", resolve).once("error", () => {
      resolve();
    });
  });
  let closed = false;
  const connect = (): void => {
    client.connect().catch((error: unknown) => {
      if (!closed) onError(error instanceof Error ? error : new Error(String(error)));
    });
  };
  connect();
  // A server that accepts and never answers looks alive to the socket, so the connection is made anew.
  const reconnect = (): void => {
    if (closed || !client.isOpen) return;
    client.destroy();
    connect();
  };
  return {
    tried,
    async ask(commands, timeoutMilliseconds = answerTimeoutMilliseconds) {
      const late = Promise.withResolvers<never>();
      const timer = setTimeout(() => {
        late.reject(new RedisTimeout(`Redis gave no answer within ${timeoutMilliseconds.toString()} ms.`));
        reconnect();
      }, timeoutMilliseconds);
      try {
        return await Promise.race([commands(client), late.promise]);
      } finally {
        clearTimeout(timer);
      }
    },
    close() {
      closed = true;
      if (client.isOpen) client.destroy();
    },
  };
}
