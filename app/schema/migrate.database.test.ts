import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createDatabase } from "../../test/services/services.ts";
import { expectedSchemaVersion, migrateSchema, schemaVersion } from "./migrate.ts";
import { readMigrations } from "./migration-files.ts";

let database: Awaited<ReturnType<typeof createDatabase>>;
let client: pg.Client;

beforeEach(async () => {
  database = await createDatabase();
  client = new pg.Client(database);
  await client.connect();
});

afterEach(async () => {
  await client.end();
  await database.drop();
});

const all = readMigrations().map(({ name }) => name);

test("the schema goes up, wholly down, and up again to the very same", async () => {
  const before = await describeSchema();
  expect(await migrateSchema(client, { direction: "up" })).toEqual(all);
  const first = await describeSchema();
  expect(await schemaVersion(client)).toBe(expectedSchemaVersion());
  expect(await migrateSchema(client, { direction: "down", target: "0001_systems" })).toEqual([...all].reverse());
  expect((await describeSchema()).filter((line) => !line.includes("schema_migrations"))).toEqual(before);
  await migrateSchema(client, { direction: "up" });
  expect(await describeSchema()).toEqual(first);
});

test("without a target the way down undoes the last one alone", async () => {
  await migrateSchema(client, { direction: "up", target: "0003_learning" });
  expect(await migrateSchema(client, { direction: "down" })).toEqual(["0003_learning"]);
  expect(await schemaVersion(client)).toBe("0002_accounts");
});

test("two runners at once apply each migration once", async () => {
  const lines: string[] = [];
  const runs = [1, 2].map(() => migrateSchema(database, { direction: "up", log: (line) => lines.push(line) }));
  expect((await Promise.all(runs)).flat()).toEqual(all);
  expect(lines).toContain("schema: another runner is at work; waiting for it");
});

test("a database that is ahead of the release is refused", async () => {
  await migrateSchema(client, { direction: "up" });
  await client.query("INSERT INTO public.schema_migrations (name, run_on) VALUES ('9999_future', now())");
  await expect(migrateSchema(client, { direction: "up" })).rejects.toThrow(
    "ahead of this release: it has had 9999_future",
  );
});

test("a database without any migration has no schema version", async () => {
  expect(await schemaVersion(client)).toBeUndefined();
});

test("a migration that fails changes nothing, and the client can be used again", async () => {
  const directory = folder({ "0001_broken.sql": "CREATE TABLE public.half (); SELECT 1/0;" });
  await expect(migrateSchema(client, { direction: "up", directory })).rejects.toThrow(
    "Schema migration 0001_broken (up) failed and changed nothing: division by zero",
  );
  const half = await client.query<{ half: string | null }>("SELECT to_regclass('public.half') AS half");
  expect(half.rows).toEqual([{ half: null }]);
  writeMigration(directory, "0001_broken.sql", "CREATE TABLE public.half ();");
  expect(await migrateSchema(database, { direction: "up", directory })).toEqual(["0001_broken"]);
});

test("a migration marked so runs outside a transaction", async () => {
  const directory = folder({
    "0001_table.sql": "CREATE TABLE public.seat (number integer);",
    "0002_index.sql": "CREATE INDEX CONCURRENTLY seat_number ON public.seat (number);",
  });
  expect(await migrateSchema(client, { direction: "up", directory })).toEqual(["0001_table", "0002_index"]);
});

function folder(files: Record<string, string>): string {
  const directory = mkdtempSync(join(tmpdir(), "migrations-"));
  for (const [name, up] of Object.entries(files)) writeMigration(directory, name, up);
  return directory;
}

function writeMigration(directory: string, name: string, up: string): void {
  const transaction = up.includes("CONCURRENTLY") ? "no" : "yes";
  const text = `-- Reversible: no\n-- Transaction: ${transaction}\n-- Up Migration\n${up}\n-- Down Migration\n`;
  writeFileSync(join(directory, name), text);
}

/** Every relation, column, constraint, index, view and trigger of the database, one a line. */
async function describeSchema(): Promise<string[]> {
  const result = await client.query<{ line: string }>(`
    WITH own AS (SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema)')
    SELECT 'schema ' || nspname AS line FROM own WHERE nspname <> 'public'
    UNION ALL SELECT format('column %s.%s.%s %s %s %s %s', n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                            a.attnotnull, a.attidentity, pg_get_expr(d.adbin, d.adrelid))
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN own n ON n.oid = c.relnamespace
      LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
      WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'v', 'S')
    UNION ALL SELECT format('constraint %s %s %s', n.nspname, k.conname, pg_get_constraintdef(k.oid))
      FROM pg_constraint k JOIN own n ON n.oid = k.connamespace
    UNION ALL SELECT format('index %s', indexdef) FROM pg_indexes JOIN own ON nspname = schemaname
    UNION ALL SELECT format('view %s.%s %s', schemaname, viewname, definition) FROM pg_views JOIN own ON nspname = schemaname
    ORDER BY line`);
  return result.rows.map((row) => row.line);
}
