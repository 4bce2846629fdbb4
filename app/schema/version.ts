import type { Client, ClientBase, Pool } from "pg";
import { readMigrations } from "./migration-files.ts";

/** Where the applied schema migrations are listed. */
export const appliedTable = { schema: "public", name: "schema_migrations" } as const;

/** What can run a query: a pool, or a client that is connected. */
export type Queryable = Client | ClientBase | Pool;

/** Names of the migrations that a database has had, oldest first; empty for a database without any. */
export async function appliedMigrations(client: Queryable): Promise<string[]> {
  const table = `${appliedTable.schema}.${appliedTable.name}`;
  const known = await client.query<{ known: boolean }>("SELECT to_regclass($1) IS NOT NULL AS known", [table]);
  if (known.rows[0]?.known !== true) return [];
  const applied = await client.query<{ name: string }>(`SELECT name FROM ${table} ORDER BY id`);
  return applied.rows.map((row) => row.name);
}

/** Name of the last migration that a database has had, or undefined when it has had none. */
export async function schemaVersion(client: Queryable): Promise<string | undefined> {
  return (await appliedMigrations(client)).at(-1);
}

/** Name of the last migration that this release comes with. */
export function expectedSchemaVersion(directory?: string): string {
  const last = readMigrations(directory).at(-1);
  if (last === undefined) throw new Error("The folder of the schema migrations is empty.");
  return last.name;
}
