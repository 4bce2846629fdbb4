import { expect, test } from "vitest";
import { checkPlan } from "../check.ts";
import { renderDocument } from "../document.ts";
import { openlearn } from "./plan.ts";

const document = renderDocument(openlearn);
const section = (table: string): string =>
  document.slice(document.indexOf(`## ${table} `), document.indexOf("\n## ", document.indexOf(`## ${table} `)));

test("the plan accounts for every table and column, and every way back", () => {
  expect(checkPlan(openlearn)).toEqual([]);
});

test("the document says how naive moments, roles and JSON are taken, and why jobs are not", () => {
  expect(section("alerts")).toContain("| last_sent_at | timestamptz | `t.last_sent AT TIME ZONE 'UTC'` |");
  expect(section("user_role")).toContain("| role_id | bigint | `role`, as a row of role is known here |");
  expect(section("documents")).toContain("| entities-unstorable | entities |");
  expect(section("documents")).toContain("| source-id-dangling | source_id |");
  expect(document).toMatch(/## apscheduler_jobs[^]*?a job is a pickled object/);
});
