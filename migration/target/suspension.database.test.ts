import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { migrateSchema } from "@landfall/app/schema/migrate";
import { createDatabase, type TestDatabase } from "../../test/services/services.ts";
import { inTransaction } from "../sql/connection.ts";
import { ask } from "../test/landing.ts";
import { discard } from "../test/legacy.ts";
import { readTarget } from "./catalogue.ts";
import { readSuspended, restoreSuspended, suspend } from "./suspension.ts";

let database: TestDatabase;
let client: pg.Client;

beforeEach(async () => {
  database = await createDatabase();
  client = new pg.Client(database);
  await client.connect();
  await migrateSchema(client, { direction: "up" });
});
afterEach(async () => {
  await client.end();
  await discard(database);
});

const keysOf = async (table: string): Promise<string[]> =>
  (
    await ask<{ text: string }>(
      database,
      `SELECT conname || ' ' || pg_get_constraintdef(oid) || ' ' || convalidated AS text FROM pg_constraint
       WHERE conrelid = '${table}'::regclass
       UNION ALL SELECT pg_get_indexdef(indexrelid) || ' ' || indisprimary FROM pg_index WHERE indrelid = '${table}'::regclass
       ORDER BY 1`,
    )
  ).map(({ text }) => text);

const many = (table: string): ReadonlyMap<string, number> => new Map([[table, 50_000]]);

const kindsOff = async (): Promise<Record<string, string>> =>
  Object.fromEntries((await readSuspended(client)).map(({ name, kind }) => [name, kind]));

test("an empty table is freed of all its indexes and keys, and has the very same again", async () => {
  const before = await keysOf("analytics.events");
  await inTransaction(client, () => suspend(client, many("analytics.events")));
  expect(await keysOf("analytics.events")).toEqual([expect.stringContaining("CHECK")]);
  expect(await kindsOff()).toMatchObject({ events_pkey: "primary key", events_at: "index" });
  await client.query(
    "INSERT INTO analytics.events (kind, payload, at) SELECT 'view', '{}', now() FROM generate_series(1, 9)",
  );
  const [epoch] = (await client.query<{ epoch: string }>("SELECT epoch::text FROM migration.runner")).rows;
  await restoreSuspended([client], { control: client, epoch: epoch?.epoch ?? "0", onRestored: () => undefined });
  expect(await keysOf("analytics.events")).toEqual(before);
  expect(await readSuspended(client)).toEqual([]);
});

test("what indexes hold of a text is known while they are off, too", async () => {
  const tables = ["analytics.events", "accounts.users", "directory.contacts", "learning.courses"];
  const textIndexes = async (): Promise<unknown> =>
    [...(await readTarget(client, tables))].map(([table, { textIndexes: indexes }]) => [table, indexes]);
  const before = await textIndexes();
  expect(JSON.stringify(before)).toContain('{"name":"users_email","columns":["email"]}');
  await inTransaction(client, async () => {
    for (const table of tables) await suspend(client, many(table));
  });
  expect((await readSuspended(client)).length).toBeGreaterThan(tables.length);
  expect(await textIndexes()).toEqual(before);
});

test("an index of the beginning of a text, or of its digest, holds it however long it is", async () => {
  await client.query(`CREATE TABLE notes (code varchar, body text);
    CREATE INDEX notes_beginning ON notes (left(code, 100), left(body, 599), md5(body), md5(lower(body)));
    CREATE INDEX notes_half ON notes (left(body, 600));
    CREATE INDEX notes_mixed ON notes (left(body, 10), lower(code))`);
  const tables = await readTarget(client, ["public.notes", "directory.contacts"]);
  expect(tables.get("public.notes")?.textIndexes).toEqual([
    { name: "notes_half", columns: ["body"] },
    { name: "notes_mixed", columns: ["code"] },
  ]);
  expect(tables.get("directory.contacts")?.textIndexes).not.toContainEqual({
    name: "contacts_owner",
    columns: ["name"],
  });
});

test("a primary key stays that other tables or a view build on", async () => {
  // Of the view quizzes.results alone, then.
  await client.query("ALTER TABLE quizzes.responses DROP CONSTRAINT responses_attempt_id_fkey");
  await inTransaction(client, async () => {
    await suspend(client, many("accounts.users"));
    await suspend(client, many("quizzes.attempts"));
  });
  const off = await kindsOff();
  expect(off).toMatchObject({ attempts_user: "index", users_email: "index" });
  expect(Object.values(off)).not.toContain("primary key");
});

test("a primary key stays where nobody has looked at the rows to come", async () => {
  await inTransaction(client, () => suspend(client, many("analytics.events"), new Set(["analytics.events"])));
  expect(Object.values(await kindsOff())).not.toContain("primary key");
});

test("a table that has rows keeps everything", async () => {
  await client.query("INSERT INTO analytics.events (kind, payload, at) VALUES ('view', '{}', now())");
  await inTransaction(client, () => suspend(client, many("analytics.events")));
  expect(await readSuspended(client)).toEqual([]);
});
