import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestMariaDB } from "../../../test/services/mariadb.ts";
import { createDatabase, type TestDatabase } from "../../../test/services/services.ts";
import type { Report } from "../../report.ts";
import { ask } from "../../test/landing.ts";
import { discard } from "../../test/legacy.ts";
import { heldRows, landSample, loadDirty, lostOnTheWayBack, repairedRows } from "./test/sample.ts";

const window = 3 * 2 ** 40;

let source: TestMariaDB;
let target: TestDatabase;
let report: Report;

beforeAll(async () => {
  [source, target] = await Promise.all([loadDirty(), createDatabase()]);
  report = await landSample(source, target);
});

afterAll(async () => {
  await Promise.all([source.drop(), discard(target)]);
});

/** The rows of a query as they read: identifiers as those of the legacy system. */
const landed = (query: string): Promise<Record<string, unknown>[]> =>
  ask(target, query.replaceAll("{window}", window.toString()));

test("a dirty database lands and is verified all the same, every row here or in quarantine", () => {
  expect(report.verification.filter(({ passed }) => !passed)).toEqual([]);
  expect(report.state).toBe("verified");
  for (const { source: table, disposition, sourceRows, targetRows, quarantinedRows } of report.tables)
    if (disposition === "mapped") expect(targetRows + quarantinedRows, table).toBe(sourceRows);
});

test("rows that the new schema cannot hold are in quarantine under their rules", async () => {
  expect(await heldRows(target)).toEqual({
    "activity_log id-out-of-window": ["1099511627776"],
    "ai_chat_messages constraint:conversation_id-not-null": ["3002"],
    "ai_chat_messages parent-missing": ["3000"],
    "certificates constraint:enrollment_id-not-null": ["901"],
    "certificates parent-quarantined": ["900"],
    "discounts code-missing": ["100"],
    "discounts ends-unreadable": ["102"],
    "discounts parent-missing": ["105"],
    "discounts percent-out-of-range": ["101", "104"],
    "enrollments constraint:course_id-not-null": ["2005"],
    "enrollments constraint:user_id-not-null": ["2004"],
    "enrollments duplicate": ["2001"],
    "enrollments parent-quarantined": ["2006"],
    "notifications constraint:user_id-not-null": ["3000"],
    "notifications parent-missing": ["3001"],
    "reviews constraint:course_id-not-null": ["901"],
    "roles duplicate": ["5"],
    "sections constraint:course_id-not-null": ["300"],
    "sections parent-missing": ["301"],
    "user_roles parent-missing": ["401:9", "999999:1"],
    "user_roles parent-quarantined": ["-5:1", "402:5"],
    "users id-out-of-window": ["-5"],
    "video_progress parent-missing": ["999999:700"],
    "video_progress parent-quarantined": ["403:703"],
    "videos parent-quarantined": ["703", "705"],
  });
  const [whole] = await ask(
    target,
    "SELECT legacy_row FROM operations.quarantine WHERE source_table = 'discounts' AND legacy_id = '102'",
  );
  expect(whole).toEqual({
    legacy_row: { id: "102", course_id: "60", code: "EVER", percent: "100", starts: "2026-01-01", ends: "0000-00-00" },
  });
});

test("every repair is counted under its rule", () => {
  expect(repairedRows(report)).toEqual({
    "activity_log at-unreadable": 1,
    "activity_log meta-unreadable": 1,
    "activity_log user-id-dangling": 2,
    "ai_chat_messages at-unreadable": 1,
    "ai_chat_sessions course-id-dangling": 1,
    "ai_chat_sessions started-at-unreadable": 1,
    "ai_chat_sessions user-id-dangling": 1,
    "ai_token_usage day-unreadable": 1,
    "ai_token_usage user-id-dangling": 1,
    "categories category-circle": 2,
    "categories name-missing": 1,
    "categories parent-id-dangling": 1,
    "certificates issued-at-unreadable": 1,
    "courses category-id-dangling": 1,
    "courses created-at-unreadable": 1,
    "courses currency-unusual": 2,
    "courses instructor-id-dangling": 2,
    "courses price-negative": 1,
    "courses published-missing": 1,
    "courses published-unreadable": 1,
    "courses summary-missing": 1,
    "courses title-missing": 1,
    "enrollments at-unreadable": 1,
    "enrollments completed-at-unreadable": 1,
    "enrollments completed-at-unreadable-in-progress-percentage": 1,
    "enrollments completed-at-unreadable-in-status": 1,
    "media_files owner-id-dangling": 1,
    "notifications at-unreadable": 1,
    "notifications read-at-unreadable": 1,
    "revenue day-unreadable": 1,
    "revenue enrollment-id-dangling": 1,
    "reviews at-unreadable": 1,
    "reviews stars-out-of-range": 1,
    "reviews user-id-dangling": 1,
    "roles name-missing": 1,
    "sections position-missing": 1,
    "sections position-negative": 1,
    "sections title-missing": 1,
    "users created-at-unreadable": 1,
    "users email-missing": 1,
    "users is-active-missing": 1,
    "users is-active-unreadable": 2,
    "users name-missing": 1,
    "users name-respelled": 1,
    "users password-missing": 1,
    "users password-scheme-unknown": 2,
    "users updated-at-unreadable": 3,
    "users username-doubled": 1,
    "users username-missing": 2,
    "users uuid-malformed": 2,
    "users uuid-unusual": 1,
    "video_progress at-unreadable": 1,
    "video_progress watched-missing": 1,
    "video_progress watched-unreadable": 1,
    "videos seconds-negative": 1,
    "videos title-missing": 1,
    "videos transcripts-unreadable": 3,
  });
});

test("people land whatever is missing of them, and no second copy of a password stays", async () => {
  const people = await landed(
    `SELECT legacy_id, username, email, password, password_reset_required AS reset, is_active AS active, legacy_extra
     FROM accounts.users WHERE legacy_id IN ('401', '402', '403') ORDER BY id`,
  );
  expect(people).toEqual([
    {
      legacy_id: "401",
      username: "#401",
      email: "",
      password: "!",
      reset: false,
      active: false,
      legacy_extra: { name: null, email: null, password: null, is_active: null },
    },
    {
      legacy_id: "402",
      username: "user1@unpuzzle.example#402",
      email: "user1@unpuzzle.example",
      password: "44c22c80cb09a28705198898dfc63ee9",
      reset: false,
      active: true,
      legacy_extra: {
        uuid: "CD613E30-D8F1-4ADF-91B7-584A2265B1F5",
        email: "user1@unpuzzle.example",
        is_active: "2",
        created_at: "0000-00-00 00:00:00",
        updated_at: "2024-02-00 00:00:00",
      },
    },
    {
      legacy_id: "403",
      username: "#403",
      email: "",
      password: "as it was typed",
      reset: true,
      active: true,
      legacy_extra: { uuid: "no uuid", email: "", is_active: "-1" },
    },
  ]);
});

test("a circle of categories is opened at its lowest number, and what hangs below it stays there", async () => {
  const categories = await landed(
    `SELECT legacy_id, parent_id - {window} AS parent, legacy_extra ->> 'parent_id' AS was FROM learning.categories
     WHERE legacy_id::integer BETWEEN 20 AND 25 ORDER BY id`,
  );
  expect(categories).toEqual([
    { legacy_id: "20", parent: null, was: "21" },
    { legacy_id: "21", parent: "22", was: null },
    { legacy_id: "22", parent: "20", was: null },
    { legacy_id: "23", parent: null, was: "23" },
    { legacy_id: "24", parent: "20", was: null },
    { legacy_id: "25", parent: null, was: "999" },
  ]);
});

test("a course without anybody, a price below nothing and a lower-case currency are put right", async () => {
  const courses = await landed(
    `SELECT legacy_id, title, instructor_id, price, currency, is_published, legacy_extra FROM learning.courses
     WHERE legacy_id IN ('60', '61') ORDER BY id`,
  );
  const none = { instructor_id: null, price: null };
  expect(courses).toEqual([
    {
      legacy_id: "60",
      title: "#60",
      ...none,
      currency: null,
      is_published: false,
      legacy_extra: { title: null, summary: null, published: null },
    },
    {
      legacy_id: "61",
      title: "Cheap",
      ...none,
      currency: "EUR",
      is_published: true,
      legacy_extra: { price: "-5.00", currency: "eur", published: "2", category_id: "999", instructor_id: "999999" },
    },
  ]);
});

test("an enrolment counts the videos that can be watched, and any number but 0 for watched", async () => {
  const enrollments = await landed(
    `SELECT legacy_id, status, progress_percentage AS percent FROM learning.enrollments
     WHERE legacy_id IN ('2002', '2003') ORDER BY id`,
  );
  expect(enrollments).toEqual([
    { legacy_id: "2002", status: "active", percent: "0.00" },
    { legacy_id: "2003", status: "active", percent: "50.00" },
  ]);
});

test("JSON that PostgreSQL cannot hold is kept as the text that it was", async () => {
  const videos = await landed(
    `SELECT legacy_id, transcripts, legacy_extra ->> 'transcripts' AS was FROM learning.videos
     WHERE legacy_id IN ('700', '701', '702', '704') ORDER BY id`,
  );
  expect(videos).toEqual([
    { legacy_id: "700", transcripts: null, was: String.raw`{"en": "nul \u0000"}` },
    { legacy_id: "701", transcripts: null, was: String.raw`{"en": "half a pair \ud83d"}` },
    { legacy_id: "702", transcripts: { en: 2.5, big: Infinity }, was: null },
    { legacy_id: "704", transcripts: null, was: "not json" },
  ]);
});

test("an activity keeps what it was about, and points only to what can be here", async () => {
  const activities = await landed(
    `SELECT legacy_object, object_type, object_id - {window} AS object, at::text FROM analytics.activities
     WHERE legacy_id IN ('1', '2', '3', '4', '1099511627775') ORDER BY id`,
  );
  expect(activities).toEqual([
    { legacy_object: "video:99999999999999", object_type: "video", object: null, at: null },
    { legacy_object: "video:1099511627776", object_type: "video", object: null, at: "2026-01-01 00:00:00.000001+00" },
    { legacy_object: "page:home", object_type: "page", object: null, at: "9999-12-31 23:59:59.999999+00" },
    { legacy_object: "Video:1", object_type: null, object: null, at: "1000-01-01 00:00:00+00" },
    { legacy_object: "course:60", object_type: "course", object: "60", at: "2026-01-01 00:00:00+00" },
  ]);
});

test("what landed repaired leads back to what the legacy database holds", async () => {
  expect(await lostOnTheWayBack(source, target)).toEqual([]);
});
