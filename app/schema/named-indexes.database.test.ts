import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createDatabase } from "../../test/services/services.ts";
import { migrateSchema } from "./migrate.ts";
import { readMigrations } from "./migration-files.ts";

const name = "0015_named_indexes";
let database: Awaited<ReturnType<typeof createDatabase>>;
let client: pg.Client;

beforeEach(async () => {
  database = await createDatabase();
  client = new pg.Client(database);
  await client.connect();
  const names = readMigrations().map((migration) => migration.name);
  await migrateSchema(client, { direction: "up", target: names[names.indexOf(name) - 1] ?? "" });
});

afterEach(async () => {
  await client.end();
  await database.drop();
});

const built = [
  "CREATE INDEX idx_courses_published ON learning.courses USING btree (is_published, status)",
  "CREATE INDEX idx_enrollments_progress ON learning.enrollments USING btree (user_id, progress_percentage)",
  "CREATE INDEX idx_users_email_active ON accounts.users USING btree (email) WHERE is_active",
];

/** The definitions of the named indexes that are there and of use. */
async function definitions(): Promise<string[]> {
  const { rows } = await client.query<{ definition: string }>(
    `SELECT pg_get_indexdef(i.indexrelid) AS definition FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
     WHERE c.relname IN ('idx_courses_published', 'idx_enrollments_progress', 'idx_users_email_active') AND i.indisvalid AND i.indisready ORDER BY 1`,
  );
  return rows.map(({ definition }) => definition);
}

test("the three named indexes stand under their names, and go again", async () => {
  await migrateSchema(client, { direction: "up", target: name });
  expect(await definitions()).toEqual(built);
  await migrateSchema(client, { direction: "down", target: name });
  expect(await definitions()).toEqual([]);
});

test("what a build left behind that was cut off is replaced", async () => {
  await client.query(
    `INSERT INTO accounts.users (username, email, first_name, last_name, password, is_active, is_staff, is_superuser)
     SELECT 'user' || n, 'same@example.org', '', '', '!', true, false, false FROM generate_series(1, 2) n`,
  );
  await expect(
    client.query("CREATE UNIQUE INDEX CONCURRENTLY idx_users_email_active ON accounts.users (email)"),
  ).rejects.toThrow("could not create unique index");
  const left = await client.query(
    "SELECT FROM pg_index WHERE indexrelid = 'accounts.idx_users_email_active'::regclass",
  );
  expect(left.rowCount).toBe(1);
  expect(await definitions()).toEqual([]);
  await migrateSchema(client, { direction: "up", target: name });
  expect(await definitions()).toEqual(built);
});

test("writers are not kept waiting while the indexes are built", async () => {
  const [writer, watcher] = [new pg.Client(database), new pg.Client(database)];
  await Promise.all([writer.connect(), watcher.connect()]);
  try {
    await writer.query("BEGIN; LOCK TABLE learning.courses IN ROW EXCLUSIVE MODE");
    const building = migrateSchema(client, { direction: "up", target: name });
    await untilCoursesAreIndexed(watcher);
    await writer.query("UPDATE learning.enrollments SET status = status; COMMIT");
    await building;
    expect(await definitions()).toEqual(built);
  } finally {
    await Promise.all([writer.end(), watcher.end()]);
  }
});

/** Resolves when the build of the courses' index has begun. */
async function untilCoursesAreIndexed(watcher: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await watcher.query<{ waiting: boolean }>(
      `SELECT EXISTS (SELECT FROM pg_stat_progress_create_index WHERE relid = 'learning.courses'::regclass) AS waiting`,
    );
    if (rows[0]?.waiting === true) return;
  }
}
