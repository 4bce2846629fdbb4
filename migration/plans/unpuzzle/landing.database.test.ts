import { afterAll, beforeAll, expect, test } from "vitest";
import { loadUnpuzzle, type TestMariaDB } from "../../../test/services/mariadb.ts";
import { createDatabase, type TestDatabase } from "../../../test/services/services.ts";
import type { Report } from "../../report.ts";
import { ask } from "../../test/landing.ts";
import { discard } from "../../test/legacy.ts";
import { heldRows, landSample, lostOnTheWayBack, repairedRows } from "./test/sample.ts";

const window = 3n * 2n ** 40n;

let source: TestMariaDB;
let target: TestDatabase;
let report: Report;

beforeAll(async () => {
  [source, target] = await Promise.all([loadUnpuzzle(), createDatabase()]);
  report = await landSample(source, target);
});

afterAll(async () => {
  await Promise.all([source.drop(), discard(target)]);
});

test("every row of the sample lands, and the move is verified", async () => {
  expect(report.verification.filter(({ passed }) => !passed)).toEqual([]);
  expect(report.state).toBe("verified");
  expect(await heldRows(target)).toEqual({});
  const landed = report.tables.map(({ source: table, sourceRows, targetRows }) => [table, sourceRows, targetRows]);
  expect(landed.toSorted()).toEqual([
    ["activity_log", 8000, 8000],
    ["ai_chat_messages", 2500, 2500],
    ["ai_chat_sessions", 200, 200],
    ["ai_token_usage", 400, 400],
    ["categories", 12, 12],
    ["certificates", 470, 470],
    ["courses", 50, 50],
    ["discounts", 30, 30],
    ["enrollments", 1200, 1200],
    ["media_files", 300, 300],
    ["notifications", 2000, 2000],
    ["revenue", 1200, 1200],
    ["reviews", 500, 500],
    ["roles", 3, 3],
    ["sections", 200, 200],
    ["user_roles", 400, 400],
    ["user_sessions", 200, 0],
    ["users", 400, 400],
    ["video_progress", 5918, 5918],
    ["videos", 600, 600],
  ]);
});

test("the two dates of zeros are all that was repaired", async () => {
  expect(repairedRows(report)).toEqual({ "users updated-at-unreadable": 2 });
  const users = await ask(
    target,
    `SELECT legacy_id, id, uuid, username, first_name, last_name, email, joined_at::text, updated_at, is_active, legacy_extra
     FROM accounts.users WHERE legacy_id = '3'`,
  );
  expect(users).toEqual([
    {
      legacy_id: "3",
      id: (window + 3n).toString(),
      uuid: "9755d4c1-3a90-4931-8d44-7e35b8b6d8fe",
      username: "user3@unpuzzle.example",
      first_name: "Michel Cecilia Polo",
      last_name: "",
      email: "user3@unpuzzle.example",
      joined_at: "2026-09-22 23:18:34+00",
      updated_at: null,
      is_active: false,
      legacy_extra: { updated_at: "0000-00-00 00:00:00" },
    },
  ]);
});

test("what is beyond 32 bits, microseconds, decimals, floats and JSON arrive as they were", async () => {
  const [activity] = await ask(
    target,
    `SELECT id, user_id, kind, object_type, object_id, legacy_object, payload, at::text FROM analytics.activities ORDER BY id`,
  );
  expect(activity).toEqual({
    id: (window + 8_589_934_592n).toString(),
    user_id: (window + 289n).toString(),
    kind: "enroll",
    object_type: "video",
    object_id: (window + 114n).toString(),
    legacy_object: "video:114",
    payload: { t: 0.7477356092662806, s: "Ago." },
    at: "2026-09-26 01:57:56.760338+00",
  });
  const [usage] = await ask(target, "SELECT cost::text FROM assistant.token_usage WHERE legacy_id = '1'");
  expect(usage).toEqual({ cost: "0.83149836" });
  const [watched] = await ask(
    target,
    "SELECT position_seconds::text AS position FROM learning.video_progress WHERE legacy_id = '1:20'",
  );
  expect(watched).toEqual({ position: "16.0227" });
  const kinds = await ask(
    target,
    "SELECT jsonb_typeof(transcripts) AS kind, count(*)::integer AS videos FROM learning.videos GROUP BY 1 ORDER BY 1",
  );
  expect(kinds).toEqual([
    { kind: "null", videos: 300 },
    { kind: "object", videos: 300 },
  ]);
});

test("an enrolment is as far as what has landed of its course and of what was watched", async () => {
  const wrong = await ask(
    target,
    `SELECT e.legacy_id, e.progress_percentage, e.completed_at, count(v.id) AS videos, count(p.video_id) AS watched
     FROM learning.enrollments e
     LEFT JOIN (learning.sections s JOIN learning.videos v ON v.section_id = s.id) ON s.course_id = e.course_id
     LEFT JOIN learning.video_progress p ON p.video_id = v.id AND p.user_id = e.user_id AND p.watched
     GROUP BY e.id HAVING (e.completed_at IS NOT NULL) <> (e.status = 'completed') OR e.progress_percentage IS DISTINCT FROM
       CASE WHEN e.completed_at IS NOT NULL THEN 100 ELSE round(100.0 * count(p.video_id) / count(v.id), 2) END`,
  );
  expect(wrong).toEqual([]);
  const [some] = await ask(
    target,
    `SELECT count(*) FILTER (WHERE progress_percentage = 100)::integer AS completed,
       count(*) FILTER (WHERE progress_percentage BETWEEN 0.01 AND 99.99)::integer AS begun FROM learning.enrollments`,
  );
  expect(some).toEqual({ completed: 470, begun: 89 });
});

test("the views count every enrolment, review and cent once", async () => {
  const [courses] = await ask(
    target,
    `SELECT sum(enrollments)::integer AS enrollments, sum(completions)::integer AS completions, sum(reviews)::integer AS reviews,
       sum(gross) = (SELECT sum(gross) FROM analytics.revenue) AS gross, sum(fee) = (SELECT sum(fee) FROM analytics.revenue) AS fee
     FROM analytics.course_performance WHERE source_system = 'unpuzzle'`,
  );
  expect(courses).toEqual({ enrollments: 1200, completions: 470, reviews: 500, gross: true, fee: true });
  const [people] = await ask(
    target,
    `SELECT sum(enrollments)::integer AS enrollments, sum(videos_watched)::integer AS watched,
       sum(activities)::integer AS activities, sum(conversations)::integer AS conversations FROM analytics.engagement`,
  );
  expect(people).toEqual({ enrollments: 1200, watched: 2950, activities: 8000, conversations: 200 });
});

test("every way back leads to what the legacy database holds", async () => {
  expect(await lostOnTheWayBack(source, target)).toEqual([]);
});
