import { expect, test } from "vitest";
import { dirfinal } from "../../plans/dirfinal/plan.ts";
import { learnmore } from "../../plans/learnmore/plan.ts";
import { mappedTables, type MappedTable } from "../../plans/plan.ts";
import { wholeTable } from "../../sql/range.ts";
import { mappingSelect } from "./mapping.ts";

const place = { plan: learnmore, schema: "public" };

function table(source: string, plan = learnmore): MappedTable {
  const found = mappedTables(plan).find((one) => one.source === source);
  if (found === undefined) throw new Error(source);
  return found;
}

test("a mapping is one SELECT: keys in the window, every column of its type, repairs in place and what they replace kept", () => {
  const chunk = { number: 2, low: "100", high: "200" };
  expect(mappingSelect(place, table("quizzes_attempt"), { chunk, rejected: new Map() })).toBe(
    `SELECT 1099511627776 + t."id"::bigint AS "id",
  1099511627776 + t."user_id"::bigint AS "user_id",
  1099511627776 + t."quiz_id"::bigint AS "quiz_id",
  t."started_at"::timestamptz AS "started_at",
  CASE WHEN NOT (t.finished_at >= '0001-01-01' AND t.finished_at < '10000-01-01') THEN NULL::timestamptz ELSE t."finished_at"::timestamptz END AS "finished_at",
  CASE WHEN t.score = 'NaN' THEN NULL::numeric ELSE t."score"::numeric END AS "score",
  'learnmore'::text AS "source_system",
  t."id"::text AS "legacy_id",
  CASE WHEN (NOT (t.finished_at >= '0001-01-01' AND t.finished_at < '10000-01-01')) OR (t.score = 'NaN') THEN CASE WHEN (NOT (t.finished_at >= '0001-01-01' AND t.finished_at < '10000-01-01')) THEN jsonb_build_object('finished_at', to_jsonb(t."finished_at")) ELSE '{}' END || CASE WHEN (t.score = 'NaN') THEN jsonb_build_object('score', to_jsonb(t."score")) ELSE '{}' END END AS "legacy_extra"
FROM "public"."quizzes_attempt" t
WHERE t."id" >= '100'::bigint AND t."id" < '200'::bigint`,
  );
});

test("rows that are held back cost something only where there are any", () => {
  const roles = table("auth_group");
  const from = `FROM "public"."auth_group" t\nWHERE true`;
  expect(mappingSelect(place, roles, { chunk: wholeTable, rejected: new Map() })).toContain(from);
  const rejected = new Map([["auth_group", "SELECT 7 AS key, 1 AS verdict"]]);
  expect(mappingSelect(place, roles, { chunk: wholeTable, rejected })).toContain(
    `${from}\nAND NOT EXISTS (SELECT FROM (SELECT 7 AS key, 1 AS verdict) x WHERE x.key = t."id")`,
  );
});

test("inherited kinds are joined to the row that they belong to", () => {
  expect(mappingSelect(place, table("quizzes_question"), { chunk: wholeTable, rejected: new Map() })).toContain(
    `FROM "public"."quizzes_question" t
LEFT JOIN "public"."quizzes_multiplechoicequestion" m ON m."question_ptr_id" = t."id"
LEFT JOIN "public"."quizzes_essayquestion" e ON e."question_ptr_id" = t."id"
WHERE true`,
  );
});

test("an expression that is worked out once a row is in the mapping once, and everybody takes it from there", () => {
  const select = mappingSelect({ plan: dirfinal, schema: "stage_dirfinal" }, table("audit_log", dirfinal), {
    chunk: wholeTable,
    rejected: new Map(),
  });
  expect(select.match(/migration\.read_jsonb\(t\.detail\)/g)).toHaveLength(1);
  expect(select).toContain(`(shared."detail")::jsonb AS "detail"`);
  expect(select).toContain(`(t.detail IS NOT NULL AND shared."detail" IS NULL)`);
  expect(select).toMatch(/CROSS JOIN LATERAL \(SELECT migration\.read_jsonb.* AS "ip" OFFSET 0\) shared/);
});
