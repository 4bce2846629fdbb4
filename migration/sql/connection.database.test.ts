import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../test/services/services.ts";
import { until } from "../../test/stacks/until.ts";
import { ask } from "../test/landing.ts";
import { Connection } from "./connection.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase();
});

afterAll(async () => {
  await database.drop();
});

test("a query whose asker is gone ends soon, and lets go of what it holds", async () => {
  const connection = await Connection.open({ ...database, application_name: "gone" });
  await connection.client.query("SELECT pg_advisory_lock(1)");
  const query = connection.client.query("SELECT pg_sleep(600)").catch(() => undefined);
  const running = (): Promise<{ pid: number }[]> =>
    ask(database, "SELECT pid FROM pg_stat_activity WHERE application_name = 'gone' AND query LIKE '%pg_sleep%'");
  await until("the query runs", async () => (await running()).length === 1);
  connection.client.connection.stream.destroy();
  await until("the query has ended", async () => (await running()).length === 0, 30);
  expect(await ask(database, "SELECT pg_try_advisory_lock(1) AS free")).toEqual([{ free: true }]);
  await query;
});

test("what a database sets for its connections changes nothing of how values and names read, and what is refused", async () => {
  await ask(
    database,
    Object.entries({
      standard_conforming_strings: "off",
      quote_all_identifiers: "on",
      array_nulls: "off",
      transform_null_equals: "on",
      default_transaction_isolation: "serializable",
    })
      .map(([name, value]) => `ALTER DATABASE ${database.database} SET ${name} = '${value}'`)
      .join("; "),
  );
  const connection = await Connection.open(database);
  const { rows } = await connection.client.query(
    `SELECT '\\d' AS text, format_type('text'::regtype, NULL) AS type, '{NULL}'::text[] AS list, NULL = NULL AS equal,
       current_setting('transaction_isolation') AS isolation`,
  );
  await connection.close();
  expect(rows).toEqual([{ text: "\\d", type: "text", list: [null], equal: null, isolation: "read committed" }]);
});
