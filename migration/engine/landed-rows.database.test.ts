import { afterAll, beforeAll, expect, test } from "vitest";
import pg from "pg";
import { createDatabase, type TestDatabase } from "../../test/services/services.ts";
import { learnmore } from "../plans/learnmore/plan.ts";
import { mappedTables } from "../plans/plan.ts";
import { createLegacy, discard } from "../test/legacy.ts";
import { landAs, settingsFor } from "../test/landing.ts";
import { checkLandedRows } from "./landed-rows.ts";

let source: TestDatabase;
let target: TestDatabase;
let client: pg.Client;

const enrollments = mappedTables(learnmore).find(({ target: name }) => name === "learning.enrollments");

beforeAll(async () => {
  [source, target] = await Promise.all([createLegacy("learnmore"), createDatabase()]);
  await landAs(settingsFor(source, target));
  client = new pg.Client(target);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await discard(source, target);
});

/** What is wrong with the enrollments after some changes, which are undone. */
async function wrongAfter(changes: string, justLanded: boolean): Promise<string[]> {
  if (enrollments === undefined) throw new Error("learnmore lands no enrollments");
  await client.query("BEGIN");
  try {
    await client.query(changes);
    const results = await checkLandedRows(client, learnmore, { table: enrollments, justLanded });
    return results.filter(({ passed }) => !passed).map(({ subject, found }) => `${subject}: ${found}`);
  } finally {
    await client.query("ROLLBACK");
  }
}

const someoneElse = `INSERT INTO accounts.users (id, username, email, first_name, last_name, password, is_active, is_staff, is_superuser, joined_at)
  VALUES (7, 'someone', '', '', '', '!', true, false, false, now());
  UPDATE learning.enrollments SET user_id = 7 WHERE legacy_id = '1'`;
const nobody = `ALTER TABLE learning.enrollments DROP CONSTRAINT enrollments_user_id_fkey;
  UPDATE learning.enrollments SET user_id = ${(2 ** 40 + 100_000).toString()} WHERE legacy_id = '1'`;
const unlooked = `${nobody}; ALTER TABLE learning.enrollments
  ADD CONSTRAINT enrollments_user_id_fkey FOREIGN KEY (user_id) REFERENCES accounts.users (id) NOT VALID`;

test.each([true, false])("nothing is wrong with what landed as it should (just landed: %s)", async (justLanded) => {
  expect(await wrongAfter("SELECT", justLanded)).toEqual([]);
});

test.each([
  { fault: "somebody else's row", changes: someoneElse },
  { fault: "no row, where no foreign key is", changes: nobody },
  { fault: "no row, where nobody has looked at it for the foreign key", changes: unlooked },
])("a reference to another's row or to none is found, just landed or not ($fault)", async ({ changes }) => {
  const orphan = ["learning.enrollments.user_id: 1 orphans"];
  expect(await wrongAfter(changes, true)).toEqual(orphan);
  expect(await wrongAfter(changes, false)).toEqual(orphan);
});

test("an instant that no calendar of the service knows is found in the same scan", async () => {
  const changes = "UPDATE learning.enrollments SET enrolled_at = '0044-03-15 BC' WHERE legacy_id = '2'";
  expect(await wrongAfter(changes, true)).toEqual([
    "learning.enrollments: enrolled_at: instants-of-the-calendar in 1 rows",
  ]);
});
