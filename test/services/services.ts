import { randomBytes } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";

/** Where a database is, and how to open it. */
export interface PostgresAddress {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
}

/** A database of one's own. */
export interface TestDatabase extends PostgresAddress {
  /** Removes it; connections that are left are cut. */
  drop(): Promise<void>;
}

declare module "vitest" {
  export interface ProvidedContext {
    postgres: PostgresAddress;
    redisUrl: string;
  }
}

/** Makes a fresh, empty database; the user owns it and is no superuser. */
export async function createDatabase(): Promise<TestDatabase> {
  const server = inject("postgres");
  const database = `test_${randomBytes(6).toString("hex")}`;
  await execute(server, `CREATE DATABASE ${database}`);
  return { ...server, database, drop: () => execute(server, `DROP DATABASE IF EXISTS ${database} WITH (FORCE)`) };
}

/** The Redis of the tests, one for all: what a test writes there, it names by itself. */
export function redisUrl(): string {
  return inject("redisUrl");
}

async function execute(address: PostgresAddress, statement: string): Promise<void> {
  const client = new pg.Client(address);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
