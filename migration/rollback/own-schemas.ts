import { migrationsDirectory, readMigrations } from "@landfall/app/schema/migration-files";
import { appliedTable } from "@landfall/app/schema/version";
import type pg from "pg";

/** Where copies of legacy tables stand on their way in. */
const stagePattern = "^stage_";

/** The schemas that this release's schema migrations make. */
export function declaredSchemas(directory = migrationsDirectory()): string[] {
  const made = readMigrations(directory).flatMap(({ up }) => [
    ...up.matchAll(/^CREATE SCHEMA (?:IF NOT EXISTS )?([a-z_]+);/gm),
  ]);
  return [...new Set(made.flatMap(([, name]) => name ?? []))].sort();
}

/** The schemas of a database that are ours: those that schema migrations make, those of staging copies, and `more`. */
export async function ownSchemas(client: pg.Client, more: readonly string[] = []): Promise<string[]> {
  const result = await client.query<{ name: string }>(
    "SELECT nspname AS name FROM pg_namespace WHERE nspname = ANY ($1) OR nspname ~ $2 ORDER BY nspname",
    [[...declaredSchemas(), ...more], stagePattern],
  );
  return result.rows.map(({ name }) => name);
}

/** What of a database is not ours: whole schemas, and tables, views and sequences of the schema `public`, quoted. */
export async function foreignParts(
  client: pg.Client,
  own: readonly string[],
): Promise<{ schemas: string[]; relations: string[] }> {
  const schemas = await client.query<{ name: string }>(
    `SELECT quote_ident(nspname) AS name FROM pg_namespace
     WHERE nspname <> ALL ($1) AND nspname <> 'public' AND nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY 1`,
    [own],
  );
  const relations = await client.query<{ name: string }>(
    `SELECT 'public.' || quote_ident(c.relname) AS name FROM pg_class c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND NOT starts_with(c.relname, $1)
     ORDER BY 1`,
    [appliedTable.name],
  );
  return { schemas: schemas.rows.map(({ name }) => name), relations: relations.rows.map(({ name }) => name) };
}

/** Every relation of the database that is not ours, however it is called. */
export async function foreignRelations(client: pg.Client, own: readonly string[]): Promise<string[]> {
  const result = await client.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname <> ALL ($1) AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
       AND NOT (n.nspname = 'public' AND starts_with(c.relname, $2)) ORDER BY 1`,
    [own, appliedTable.name],
  );
  return result.rows.map(({ name }) => name);
}
