import { expect, test } from "vitest";
import { learnmore } from "../../plans/learnmore/plan.ts";
import { carriedTables, type FoldedTable, type MappedTable } from "../../plans/plan.ts";
import { profileQuery, quarantineSelect, rejectedList, verdictOf } from "./verdict.ts";
import { wholeTable } from "../../sql/range.ts";

const place = { plan: learnmore, schema: "public" };

function table(source: string): MappedTable | FoldedTable {
  const found = carriedTables(learnmore).find((one) => one.source === source);
  if (found === undefined) throw new Error(source);
  return found;
}

const clean = { rejected: new Map<string, string>(), constraints: [], unique: [] };

test("a folded row is judged by its parent alone", () => {
  const verdict = verdictOf(place, table("quizzes_essayquestion"), clean);
  expect(verdict.query).toBe(`SELECT m."~key" AS key, m."~verdict" AS verdict
FROM (SELECT t."question_ptr_id" AS "~key", CASE WHEN t."question_ptr_id" IS NOT NULL AND parent_1."id" IS NULL THEN 1 END AS "~verdict"
FROM "public"."quizzes_essayquestion" t
LEFT JOIN "public"."quizzes_question" parent_1 ON parent_1."id" = t."question_ptr_id") m`);
  expect(verdict.rulings.map(({ rule }) => rule)).toEqual(["parent-missing"]);
});

test("a parent's quarantine is looked at only where the parent has rows in it", () => {
  const rejected = new Map([["quizzes_question", "SELECT 1 AS key, 1 AS verdict"]]);
  const verdict = verdictOf(place, table("quizzes_choice"), { ...clean, rejected });
  expect(verdict.rulings.map(({ rule }) => rule)).toEqual(["id-out-of-window", "parent-missing", "parent-quarantined"]);
  expect(verdict.query).toContain(
    `LEFT JOIN (SELECT 1 AS key, 1 AS verdict) held_parent_1 ON held_parent_1.key = t."question_id"`,
  );
  expect(verdict.query).toContain("WHEN held_parent_1.key IS NOT NULL THEN 3");
});

test("rules come first, then parents, the schema's own constraints, and last doubles", () => {
  const verdict = verdictOf(place, table("courses_progress"), {
    ...clean,
    constraints: [{ name: "progress_percent_check", expression: "percent <= 100" }],
    unique: [["enrollment_id", "module_id"]],
  });
  expect(verdict.rulings.map(({ rule }) => rule)).toEqual([
    "id-out-of-window",
    "percent-out-of-range",
    "duration-infinite",
    "parent-missing",
    "parent-missing",
    "constraint:progress_percent_check",
    "duplicate",
  ]);
  expect(verdict.query).toContain(`coalesce(m."~verdict", CASE WHEN (percent <= 100) IS FALSE THEN 6 END) AS verdict`);
  expect(verdict.query).toContain("CASE WHEN number_1 > 1 THEN 7 END");
});

test("a profile counts verdicts, and repairs among the rows that land", () => {
  const verdict = { rulings: [], query: "SELECT 1" };
  expect(profileQuery(verdict, 2))
    .toBe(`SELECT v.verdict, count(*) AS rows, count(*) FILTER (WHERE v."repair_1" OR v."repair_2") AS repaired,
  count(*) FILTER (WHERE v."repair_1") AS "repair_1",
  count(*) FILTER (WHERE v."repair_2") AS "repair_2"
FROM (SELECT 1 OFFSET 0) v GROUP BY v.verdict`);
});

test("held rows go to quarantine whole, with their rule and reason", () => {
  const users = table("auth_user");
  const rejected = rejectedList(learnmore, users, [{ key: "7", verdict: 1 }]);
  expect(rejected).toBe(
    `SELECT l.key, l.verdict FROM unnest('{"7"}'::integer[], '{1}'::integer[]) AS l (key, verdict)`,
  );
  const rulings = [{ rule: "odd", reason: "it's odd" }];
  expect(quarantineSelect(place, users, { chunk: wholeTable, runId: "3", rejected, rulings })).toBe(
    `SELECT 'learnmore'::text, 3::bigint, 'auth_user'::text,
  t."id"::text, CASE x.verdict WHEN 1 THEN 'odd' END, CASE x.verdict WHEN 1 THEN 'it''s odd' END, to_jsonb(t)
FROM "public"."auth_user" t JOIN (${rejected}) x ON x.key = t."id"
WHERE true`,
  );
});
