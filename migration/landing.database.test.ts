import { migrateSchema } from "@landfall/app/schema/migrate";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../test/services/services.ts";
import { run } from "./commands/run.ts";
import { verifyCommand } from "./commands/verify.ts";
import { createLog } from "./log.ts";
import type { Report } from "./report.ts";
import { createLegacy, discard } from "./test/legacy.ts";
import { ask, contentOf, landAs, settingsFor, silent } from "./test/landing.ts";

let source: TestDatabase;
let target: TestDatabase;
let report: Report;

beforeAll(async () => {
  [source, target] = await Promise.all([createLegacy("learnmore"), createDatabase()]);
  report = await landAs(settingsFor(source, target));
});

afterAll(async () => {
  await discard(source, target);
});

test("every legacy table is in the report, and every row of it in the target or in quarantine", async () => {
  const legacy = await ask<{ name: string }>(
    source,
    "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
  );
  expect(report.tables.map((table) => table.source).sort()).toEqual(legacy.map(({ name }) => name).sort());
  for (const table of report.tables) {
    const [count] = await ask<{ rows: string }>(source, `SELECT count(*) AS rows FROM ${table.source}`);
    expect(table.sourceRows, table.source).toBe(Number(count?.rows));
    if (table.disposition !== "dropped")
      expect(table.targetRows + table.quarantinedRows, table.source).toBe(table.sourceRows);
  }
});

test("the move is verified, with a result for everything that was checked", () => {
  expect(report.state).toBe("verified");
  expect(report.verification.filter(({ passed }) => !passed)).toEqual([]);
  expect(new Set(report.verification.map(({ name }) => name))).toEqual(
    new Set([
      "accounted",
      "content",
      "effective-rights",
      "identity",
      "password-schemes",
      "platform-roles",
      "read-back",
      "references",
      "sequence",
      "strays",
      "validity",
    ]),
  );
  expect(report.quarantine).toEqual([]);
});

test("a row is what it was, its keys moved into the system's window", async () => {
  const [there] = await ask(source, "SELECT id, user_id, bio, preferences FROM accounts_profile WHERE id = 3");
  const [here] = await ask(
    target,
    `SELECT legacy_id::integer AS id, (user_id - 1099511627776)::integer AS user_id, bio, preferences FROM accounts.profiles
     WHERE legacy_id = '3' AND source_system = 'learnmore'`,
  );
  expect(here).toEqual({ ...there, id: 3 });
});

test("a question of a kind has what its kind's table had", async () => {
  const count = "SELECT count(*)::integer AS rows, sum(hashtext(k.question_ptr_id::text || k.shuffle)::bigint) AS sum";
  const there = await ask(source, `${count} FROM quizzes_multiplechoicequestion k`);
  const here = await ask(
    target,
    `${count} FROM (SELECT legacy_id AS question_ptr_id, shuffle FROM quizzes.questions WHERE kind = 'multiple_choice') k`,
  );
  expect(here).toEqual(there);
});

test("an event points to the row here that it pointed to there", async () => {
  const [wrong] = await ask<{ rows: string }>(
    target,
    `SELECT count(*) AS rows FROM analytics.events e LEFT JOIN learning.courses c ON c.id = e.object_id
     WHERE e.object_type = 'courses.course' AND c.legacy_id IS DISTINCT FROM e.legacy_object_id`,
  );
  const [gone] = await ask<{ rows: string }>(
    source,
    `SELECT count(*) AS rows FROM analytics_event e JOIN django_content_type t ON t.id = e.object_type_id AND t.model = 'course'
     LEFT JOIN courses_course c ON c.id::text = e.object_id WHERE c.id IS NULL`,
  );
  expect(wrong?.rows).toBe(gone?.rows);
});

test("the status that the console shows is complete", async () => {
  const [status] = await ask(
    target,
    "SELECT state, rows_total, rows_copied, seconds_left, failure FROM operations.migration_status",
  );
  expect(status).toEqual({
    state: "verified",
    rows_total: "14879",
    rows_copied: "14879",
    seconds_left: 0,
    failure: null,
  });
  const states = await ask(
    target,
    "SELECT state, count(*)::integer AS tables FROM operations.migration_tables GROUP BY 1",
  );
  expect(states).toEqual([{ state: "verified", tables: 26 }]);
});

test("a second run copies nothing, and leaves alone what has changed since", async () => {
  await ask(target, "UPDATE accounts.users SET password = 'argon2id$new' WHERE legacy_id = '1'");
  const before = await contentOf(target);
  const again = await landAs(settingsFor(source, target));
  expect(again.state).toBe("verified");
  expect(again.details[0]?.copiedNow).toBe(false);
  expect(await contentOf(target)).toEqual(before);
  expect(await ask(target, "SELECT count(*)::integer AS runs FROM migration.runs")).toEqual([{ runs: 1 }]);
});

test("rows of other systems and of the platform itself are not touched when a system is moved again", async () => {
  await ask(
    target,
    `INSERT INTO accounts.users (username, email, first_name, last_name, password, is_active, is_staff, is_superuser, joined_at)
     VALUES ('native', '', '', '', '!', true, false, false, now())`,
  );
  const again = await landAs(settingsFor(source, target, { again: new Set(["learnmore"]) }));
  expect(again.state).toBe("verified");
  expect(again.details[0]?.copiedNow).toBe(true);
  const counts = await ask(
    target,
    "SELECT source_system, count(*)::integer AS rows FROM accounts.users GROUP BY 1 ORDER BY 1",
  );
  expect(counts).toEqual([
    { source_system: "learnmore", rows: 600 },
    { source_system: null, rows: 1 },
  ]);
  await expect(verifyCommand(settingsFor(source, target), silent)).resolves.toBeUndefined();
});

test("a table whose types are not the same on both sides travels as text, and lands all the same", async () => {
  const other = await createDatabase();
  try {
    await migrateSchema(other, { direction: "up" });
    await ask(other, "ALTER TABLE accounts.profiles ALTER bio TYPE character varying, ALTER birth_date TYPE timestamp");
    const lines: string[] = [];
    await run(
      settingsFor(source, other),
      createLog("info", { write: (line) => lines.push(line) }),
      new AbortController().signal,
    );
    expect(lines.find((line) => line.includes("surveyed"))).toContain('"binary":20,');
    expect(await ask(other, "SELECT state FROM operations.migration_status")).toEqual([{ state: "verified" }]);
  } finally {
    await discard(other);
  }
});
