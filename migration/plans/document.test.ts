import { expect, test } from "vitest";
import { dirfinal } from "./dirfinal/plan.ts";
import { renderDocument } from "./document.ts";
import { learnmore } from "./learnmore/plan.ts";
import { unpuzzle } from "./unpuzzle/plan.ts";

const document = renderDocument(learnmore);

test("the document has a section for every legacy table", () => {
  for (const { source } of learnmore.tables) expect(document).toContain(`## ${source} `);
});

test("a table's section says where each column comes from, what is repaired and held back, and the way back", () => {
  const section = document.slice(document.indexOf("## courses_progress"), document.indexOf("## quizzes_quiz "));
  expect(section.trim()).toBe(`## courses_progress → learning.progress

**Columns**

| Column | Type | From |
| --- | --- | --- |
| id | bigint | key \`id\`, in the window |
| enrollment_id | bigint | \`enrollment_id\`, as a row of courses_enrollment is known here |
| module_id | bigint | \`module_id\`, as a row of courses_module is known here |
| percent | numeric | \`percent\` |
| completed_at | timestamptz | \`completed_at\` |
| time_spent | interval | \`time_spent\` |
| source_system | text | always \`learnmore\` |
| legacy_id | text | key \`id\`, as text |
| legacy_extra | jsonb | what no column takes, and what was there before a repair |

**Repairs**

| Rule | Column | When | Becomes | Reason |
| --- | --- | --- | --- | --- |
| completed-at-unreadable | completed_at | \`NOT (t.completed_at >= '0001-01-01' AND t.completed_at < '10000-01-01')\` | \`NULL\` | completed_at is infinite or outside the years 1 to 9999, and is left empty |

**Quarantine**

| Rule | When | Reason |
| --- | --- | --- |
| percent-out-of-range | \`NOT (t.percent BETWEEN 0 AND 100)\` | percent is not between 0 and 100 |
| duration-infinite | \`NOT isfinite(t.time_spent)\` | time_spent is infinite |
| parent-missing, parent-quarantined | enrollment_id | no row of courses_enrollment that lands |
| parent-missing, parent-quarantined | module_id | no row of courses_module that lands |
| duplicate | same enrollment_id, module_id | the row with the lowest key stays |

**The way back**

| Legacy column | From |
| --- | --- |
| id | \`(id - 1099511627776)::bigint\` |
| enrollment_id | \`(enrollment_id - 1099511627776)::bigint\` |
| module_id | \`(module_id - 1099511627776)::bigint\` |
| percent | \`percent::numeric(5,2)\` |
| completed_at | \`CASE WHEN legacy_extra ? 'completed_at' THEN (legacy_extra ->> 'completed_at')::timestamp with time zone ELSE completed_at::timestamp with time zone END\` |
| time_spent | \`time_spent::interval\` |`);
});

test("what holds for every column of a staged system is said once, and what a plan says of a column where it is", () => {
  const staged = renderDocument(dirfinal);
  expect(staged).toContain("two rules hold for every column");
  expect(staged).not.toContain("| email-respelled |");
  expect(staged).not.toContain("| score-unreadable |");
  expect(staged).toContain("| email-missing |");
  expect(renderDocument(unpuzzle)).toContain("| is-active-unreadable | is_active |");
  expect(document).not.toContain("two rules hold for every column");
});

test("a view is shown with its query and why there is one, and is not counted as a legacy table", () => {
  expect(renderDocument(dirfinal)).toContain(
    `## How user_role is made

a user has one role there, and any number of them here. Columns: user_id bigint, role text.

\`\`\`sql
SELECT u.id AS user_id, u.role FROM {user} u`,
  );
  expect(renderDocument(dirfinal)).toContain("Of 14 legacy tables 14 are mapped");
});
