import { migrateSchema } from "@landfall/app/schema/migrate";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../test/services/services.ts";
import { learnmore } from "../plans/learnmore/plan.ts";
import { windowStart } from "../plans/plan.ts";
import { discard } from "../test/legacy.ts";
import { findStrays } from "./strays.ts";

let database: TestDatabase;
let client: pg.Client;

/** Rows of another system in a table that this one lands nothing in. */
const others = 20_000;

beforeEach(async () => {
  database = await createDatabase();
  client = new pg.Client(database);
  await client.connect();
  await migrateSchema(client, { direction: "up" });
  await client.query(`INSERT INTO analytics.activities (id, source_system, legacy_id)
    SELECT 3::bigint * 1099511627776 + n, 'unpuzzle', n FROM generate_series(1, ${others.toString()}) n`);
  await client.query("ANALYZE analytics.activities");
});
afterEach(async () => {
  await client.end();
  await discard(database);
});

const stray = (id: number): Promise<unknown> =>
  client.query(
    "INSERT INTO analytics.activities (id, source_system, legacy_id) VALUES ($1, 'learnmore', $1::bigint::text)",
    [id],
  );

const strays = async (broughtOnly: boolean): Promise<unknown> =>
  Object.fromEntries(await findStrays(client, learnmore, { broughtOnly }));

test("whatever bears the system's name is found where its plan lands nothing", async () => {
  await stray(77);
  await stray(windowStart(learnmore) + 77);
  expect(await strays(false)).toEqual({ "analytics.activities": 2 });
});

test("what a move can have brought is found without a look at the rows of other systems", async () => {
  await stray(77);
  await stray(windowStart(learnmore) + 77);
  await client.query("BEGIN");
  const before = await scans();
  expect(await strays(true)).toEqual({ "analytics.activities": 1 });
  expect(await scans()).toBe(before);
  expect(await strays(false)).toEqual({ "analytics.activities": 2 });
  expect(await scans()).toBe(before + 1);
  await client.query("COMMIT");
});

/** How often the table was read from end to end, as this connection counts. */
async function scans(): Promise<number> {
  const { rows } = await client.query<{ scans: number }>(
    "SELECT seq_scan::integer AS scans FROM pg_stat_xact_user_tables WHERE relid = 'analytics.activities'::regclass",
  );
  return rows[0]?.scans ?? 0;
}
