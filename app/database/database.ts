import type { ConnectionOptions } from "node:tls";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import type { Configuration } from "../configuration.ts";
import { countQuery } from "./query-count.ts";
import type { Tables } from "./tables.ts";

/** Typed queries on the service's database. */
export type Database = Kysely<Tables>;

const connectTimeoutMilliseconds = 10_000;
const queryTimeoutMilliseconds = 30_000;
const longestLifeSeconds = 60;

/** The service's database; `tls` says more of how the connection is proved than the authority does. */
export type PoolAddress = Configuration["database"] & { readonly tls?: ConnectionOptions };

/**
 * A pool of connections to the database, opened as they are needed; errors beside those of queries go to `onError`.
 *
 * It suits a transaction pooler: no session state, no named statements. A connection is waited for 10 s at most and
 * closed after 60 s, so that a failover or a new password takes hold.
 */
export function openPool(address: PoolAddress, onError: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool({
    host: address.host,
    port: address.port,
    database: address.database,
    user: address.user,
    password: address.password,
    max: address.poolSize,
    connectionTimeoutMillis: connectTimeoutMilliseconds,
    query_timeout: queryTimeoutMilliseconds,
    maxLifetimeSeconds: longestLifeSeconds,
    idleTimeoutMillis: longestLifeSeconds * 1000,
    keepAlive: true,
    types,
    ...(address.authority === undefined ? {} : { ssl: { ca: address.authority, rejectUnauthorized: true } }),
    ...(address.tls === undefined ? {} : { ssl: address.tls }),
  });
  pool.on("error", onError);
  // A connection that breaks between two queries of its user has no listener but this, and would end the process.
  pool.on("connect", (client) => client.on("error", onError));
  return pool;
}

/** Typed queries on a pool, counted for the request that makes them. Destroying it ends the pool. */
export function openDatabase(pool: pg.Pool): Database {
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }), log: countQuery });
}

// All ids are below 2^53 (see the first migration), and the numeric columns have a handful of digits.
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, Number);
types.setTypeParser(pg.types.builtins.NUMERIC, Number);
