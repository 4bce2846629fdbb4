import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../test/services/services.ts";
import { exitCodeOf, Refusal } from "./engine/outcome.ts";
import { createLegacy, discard } from "./test/legacy.ts";
import { ask, landAs, readReport, settingsFor } from "./test/landing.ts";

let source: TestDatabase;
let target: TestDatabase;

beforeAll(async () => {
  source = await createLegacy("learnmore");
});
beforeEach(async () => {
  target = await createDatabase();
});
afterEach(async () => {
  await discard(target);
});
afterAll(async () => {
  await discard(source);
});

async function refusalOf(change: string, undo: string): Promise<Refusal> {
  await ask(source, change);
  const settings = settingsFor(source, target);
  try {
    await landAs(settings);
  } catch (error) {
    const written = await ask(
      target,
      "SELECT nspname FROM pg_namespace WHERE nspname IN ('migration', 'operations', 'accounts')",
    );
    expect(written).toEqual([]);
    expect(readReport(settings).state).toBe("failed");
    if (error instanceof Refusal) return error;
    throw error;
  } finally {
    await ask(source, undo);
  }
  throw new Error("The move was not refused.");
}

test("tables, columns and types that the plan does not know are refused all at once, before anything is written", async () => {
  const refusal = await refusalOf(
    `CREATE TABLE payments (id integer PRIMARY KEY); CREATE SCHEMA billing; CREATE TABLE billing.invoices (id integer);
     ALTER TABLE auth_user ADD phone text; ALTER TABLE courses_course ALTER status TYPE text;
     ALTER TABLE courses_module RENAME title TO heading`,
    `DROP TABLE payments; DROP SCHEMA billing CASCADE; ALTER TABLE auth_user DROP phone;
     ALTER TABLE courses_course ALTER status TYPE varchar(20); ALTER TABLE courses_module RENAME heading TO title`,
  );
  expect(exitCodeOf(refusal)).toBe(2);
  expect([...refusal.faults].sort()).toEqual([
    "column auth_user.phone (text) is unknown to the plan",
    "column courses_course.status is text; the plan expects character varying",
    "column courses_module.heading (character varying(200)) is unknown to the plan",
    "column courses_module.title is missing",
    "table billing.invoices lies outside the schema public",
    "table payments is unknown to the plan",
  ]);
});

test("a table whose key nothing keeps unique is refused", async () => {
  const refusal = await refusalOf(
    "ALTER TABLE quizzes_response DROP CONSTRAINT quizzes_response_pkey",
    "ALTER TABLE quizzes_response ADD PRIMARY KEY (id)",
  );
  expect(refusal.faults).toEqual([
    "column quizzes_response.id is the table's key, but nothing keeps it unique; give it a primary key",
  ]);
});

test("a table that others inherit from, and texts that are equal though they differ, are refused", async () => {
  const refusal = await refusalOf(
    `CREATE TABLE courses_old () INHERITS (courses_course);
     CREATE COLLATION careless (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
     ALTER TABLE auth_user ALTER first_name TYPE varchar(150) COLLATE careless`,
    `DROP TABLE courses_old; ALTER TABLE auth_user ALTER first_name TYPE varchar(150) COLLATE "default"; DROP COLLATION careless`,
  );
  expect([...refusal.faults].sort()).toEqual([
    'column auth_user.first_name has the collation careless, by which texts that differ are equal; change it on a copy: ALTER TABLE auth_user ALTER first_name TYPE character varying(150) COLLATE "C"',
    "table courses_old inherits from courses_course, where its rows are read as well; move them, or say ALTER TABLE courses_old NO INHERIT courses_course on a copy",
    "table courses_old is unknown to the plan",
  ]);
});

test("what may be ignored by name stays behind", async () => {
  await ask(source, "CREATE TABLE payments (id integer PRIMARY KEY); ALTER TABLE auth_user ADD phone text");
  try {
    const report = await landAs(settingsFor(source, target, { ignored: new Set(["payments", "auth_user.phone"]) }));
    expect(report.state).toBe("verified");
  } finally {
    await ask(source, "DROP TABLE payments; ALTER TABLE auth_user DROP phone");
  }
});

test("a row with a text that no index of the target holds goes to quarantine, and the others land", async () => {
  const long = "(SELECT string_agg(md5(n::text), '') FROM generate_series(1, 200) n)";
  await ask(
    source,
    `ALTER TABLE auth_user ALTER email TYPE varchar; UPDATE auth_user SET email = ${long} WHERE id = 5`,
  );
  try {
    const report = await landAs(settingsFor(source, target));
    expect(report.state).toBe("verified");
    expect(report.quarantine.filter(({ rule }) => rule !== "parent-quarantined")).toMatchObject([
      { table: "auth_user", rule: "constraint:idx_users_email_active-too-long", rows: 1 },
    ]);
  } finally {
    await ask(
      source,
      "UPDATE auth_user SET email = '' WHERE id = 5; ALTER TABLE auth_user ALTER email TYPE varchar(254)",
    );
  }
});

test("a target that can only be read is refused", async () => {
  await ask(target, `ALTER DATABASE "${target.database}" SET default_transaction_read_only = on`);
  const landing = landAs(settingsFor(source, target));
  await expect(landing).rejects.toThrow(/The target cannot be used:\n {2}- it can only be read/);
  await expect(landing).rejects.toBeInstanceOf(Refusal);
});
