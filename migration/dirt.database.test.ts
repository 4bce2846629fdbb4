import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../test/services/services.ts";
import type { Report } from "./report.ts";
import { createLegacy, discard } from "./test/legacy.ts";
import { ask, landAs, settingsFor } from "./test/landing.ts";

let source: TestDatabase;
let target: TestDatabase;
let report: Report;

/** Takes away every foreign key, unique key and CHECK but the primary keys, so that rows can be as bad as they like. */
const loosen = `DO $$ DECLARE c record; BEGIN
  FOR c IN SELECT conrelid::regclass AS tab, conname FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND contype IN ('f', 'c')
    UNION ALL SELECT conrelid::regclass, conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype = 'u'
  LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', c.tab, c.conname); END LOOP; END $$`;

const dirt = `
-- users: an infinite day of joining, an unknown scheme, an infinite last sign-in, one out of the window, a double name
UPDATE auth_user SET date_joined = 'infinity' WHERE id = 10;
UPDATE auth_user SET password = 'crypt$$abc' WHERE id = 11;
UPDATE auth_user SET last_login = '-infinity' WHERE id = 12;
INSERT INTO auth_user (id, password, is_superuser, username, first_name, last_name, email, is_staff, is_active, date_joined)
  VALUES (-5, '!', false, 'below', '', '', '', false, true, now()), (2000000, '!', false, 'user1', '', '', '', false, true, now());
INSERT INTO accounts_profile (id, user_id, bio, timezone, preferences) VALUES (9001, 13, 'second', 'UTC', '{}'), (9002, -5, 'below', 'UTC', '[]');
UPDATE accounts_profile SET birth_date = '4713-01-01 BC' WHERE id = 5;
-- rights: a double, an orphan
INSERT INTO auth_user_groups (id, user_id, group_id) SELECT 90000, user_id, group_id FROM auth_user_groups WHERE id = 20;
INSERT INTO auth_user_groups (id, user_id, group_id) VALUES (90001, 20, 77);
-- courses: its own prerequisite, a double, an orphan that no window could hold
INSERT INTO courses_course_prerequisites (id, from_course_id, to_course_id)
  VALUES (501, 3, 3), (503, 4, 9223372036854775807);
INSERT INTO courses_course_prerequisites (id, from_course_id, to_course_id) SELECT 502, from_course_id, to_course_id FROM courses_course_prerequisites WHERE id = 1;
UPDATE courses_module SET position = -1 WHERE id = 50;
INSERT INTO courses_enrollment (id, user_id, course_id, enrolled_at, status) SELECT 90000, user_id, course_id, enrolled_at, status FROM courses_enrollment WHERE id = 3;
-- the first of these is no progress, so the second is no double
INSERT INTO courses_progress (id, enrollment_id, module_id, percent, time_spent)
  SELECT i, 3, 1, p, '0' FROM (VALUES (90000, 101.00), (90001, 'NaN'::numeric), (90002, 50.00), (90003, 60.00)) v (i, p);
DELETE FROM courses_progress WHERE enrollment_id = 3 AND module_id = 1 AND id < 90000;
-- quizzes: one of two kinds with its choices, a kind of nothing, a score that is no number
INSERT INTO quizzes_essayquestion (question_ptr_id, word_limit, rubric) VALUES (1, NULL, '{}'), (777777, NULL, '{}');
UPDATE quizzes_attempt SET score = 'NaN' WHERE id = 3;
UPDATE quizzes_attempt SET started_at = 'infinity' WHERE id = 4;
UPDATE quizzes_quiz SET time_limit = 'infinity' WHERE id = 2;
UPDATE courses_progress SET time_spent = '-infinity' WHERE id = 200;
-- records
UPDATE analytics_dailystat SET minutes = 'NaN' WHERE id = 7;
UPDATE analytics_dailystat SET day = 'infinity' WHERE id = 8;
UPDATE analytics_event SET object_id = '99999999999999999999' WHERE id = '8a02d11d-397e-4526-abd7-861702beeecd';
UPDATE analytics_event SET object_type_id = 999 WHERE id = 'e97c8fd6-d75b-4e22-87ab-88a9526be772';
INSERT INTO django_content_type (id, app_label, model) VALUES (55, 'gone', 'thing');
`;

beforeAll(async () => {
  [source, target] = await Promise.all([createLegacy("learnmore"), createDatabase()]);
  await ask(source, loosen);
  await ask(source, dirt);
  report = await landAs(settingsFor(source, target));
});

afterAll(async () => {
  await discard(source, target);
});

async function held(table: string): Promise<Record<string, string[]>> {
  const rows = await ask<{ rule: string; ids: string[] }>(
    target,
    `SELECT rule, array_agg(legacy_id ORDER BY length(legacy_id), legacy_id) AS ids FROM operations.quarantine WHERE source_table = '${table}' GROUP BY rule`,
  );
  return Object.fromEntries(rows.map(({ rule, ids }) => [rule, ids]));
}

const idsOf = async (query: string): Promise<string[]> =>
  (await ask<{ id: string | number }>(source, `${query} ORDER BY 1`)).map(({ id }) => String(id));

test("a dirty source lands and is verified all the same", () => {
  expect(report.verification.filter(({ passed }) => !passed)).toEqual([]);
  expect(report.state).toBe("verified");
  for (const table of report.tables.filter(({ disposition }) => disposition !== "dropped")) {
    expect(table.targetRows + table.quarantinedRows, table.source).toBe(table.sourceRows);
  }
});

test("rows that the new schema cannot hold are in quarantine under their rules", async () => {
  expect(await held("auth_user")).toEqual({
    "id-out-of-window": ["-5"],
    "instant-unreadable": ["10"],
    duplicate: ["2000000"],
  });
  expect(await held("courses_course_prerequisites")).toEqual({
    "own-prerequisite": ["501"],
    "parent-missing": ["503"],
    duplicate: ["502"],
  });
  expect(await held("auth_group_permissions")).toEqual({});
  expect(await held("analytics_dailystat")).toEqual({ "minutes-not-finite": ["7"], "instant-unreadable": ["8"] });
  expect(await held("django_content_type")).toEqual({ "content-type-unused": ["55"] });
  expect((await held("analytics_event"))["parent-missing"]).toEqual(["e97c8fd6-d75b-4e22-87ab-88a9526be772"]);
});

test("the children of a row in quarantine follow it, and theirs too", async () => {
  const gone = "(10, -5, 2000000)";
  expect((await held("accounts_profile"))["parent-quarantined"]).toEqual(
    await idsOf(`SELECT id FROM accounts_profile WHERE user_id IN ${gone}`),
  );
  const enrollments = await idsOf(`SELECT id FROM courses_enrollment WHERE user_id IN ${gone}`);
  expect((await held("courses_enrollment"))["parent-quarantined"] ?? []).toEqual(enrollments);
  const progress = await held("courses_progress");
  expect([...(progress["parent-quarantined"] ?? [])].sort()).toEqual(
    (
      await idsOf(
        `SELECT p.id::text AS id FROM courses_progress p JOIN courses_enrollment e ON e.id = p.enrollment_id WHERE e.user_id IN ${gone} OR p.module_id = 50`,
      )
    ).sort(),
  );
});

test("of several rows with one unique key the lowest that can land stays", async () => {
  expect(await held("accounts_profile")).toMatchObject({ duplicate: ["9001"] });
  expect(await held("courses_enrollment")).toMatchObject({ duplicate: ["90000"] });
  const progress = await held("courses_progress");
  expect(progress["percent-out-of-range"]).toEqual(["90000", "90001"]);
  expect(progress["duplicate"]).toEqual(["90003"]);
  expect(progress["duration-infinite"]).toEqual(["200"]);
  expect(await held("auth_user_groups")).toMatchObject({ duplicate: ["90000"], "parent-missing": ["90001"] });
});

test("a question of two kinds takes both kinds and what hangs on it along", async () => {
  expect(await held("quizzes_question")).toMatchObject({ "question-of-two-kinds": ["1"] });
  expect(await held("quizzes_multiplechoicequestion")).toMatchObject({
    "parent-quarantined": expect.arrayContaining(["1"]) as unknown,
  });
  expect(await held("quizzes_essayquestion")).toMatchObject({
    "parent-missing": ["777777"],
    "parent-quarantined": expect.arrayContaining(["1"]) as unknown,
  });
  const choices = await idsOf("SELECT id FROM quizzes_choice WHERE question_id = 1");
  expect((await held("quizzes_choice"))["parent-quarantined"]).toEqual(expect.arrayContaining(choices));
});

test("a row in quarantine is whole", async () => {
  const [row] = await ask(
    target,
    "SELECT legacy_row, reason FROM operations.quarantine WHERE source_table = 'courses_progress' AND legacy_id = '90000'",
  );
  expect(row).toEqual({
    legacy_row: { id: 90000, enrollment_id: 3, module_id: 1, percent: 101, completed_at: null, time_spent: "00:00:00" },
    reason: "percent is not between 0 and 100",
  });
});

test("repairs are made and counted", async () => {
  expect(report.details[0]?.repairs).toEqual([
    { table: "accounts_profile", rule: "birth-date-unreadable", rows: 1 },
    { table: "auth_user", rule: "last-login-unreadable", rows: 1 },
    { table: "auth_user", rule: "password-scheme-unknown", rows: 1 },
    { table: "quizzes_attempt", rule: "score-not-a-number", rows: 1 },
    { table: "quizzes_quiz", rule: "time-limit-infinite", rows: 1 },
  ]);
  expect(report.tables.find((table) => table.source === "auth_user")?.repairedRows).toBe(2);
  const users = await ask(
    target,
    "SELECT legacy_id, password, password_reset_required, last_sign_in_at FROM accounts.users WHERE legacy_id IN ('11', '12') AND (password LIKE 'crypt%' OR legacy_id = '12') ORDER BY 1",
  );
  expect(users).toMatchObject([
    { legacy_id: "11", password: "crypt$$abc", password_reset_required: true },
    { legacy_id: "12", password_reset_required: false, last_sign_in_at: null },
  ]);
});

test("an event whose object's number is beyond all windows lands without the object", async () => {
  const [event] = await ask(
    target,
    "SELECT object_id, legacy_object_id FROM analytics.events WHERE id = '8a02d11d-397e-4526-abd7-861702beeecd'",
  );
  expect(event).toEqual({ object_id: null, legacy_object_id: "99999999999999999999" });
});
