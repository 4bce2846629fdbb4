import { expect, test } from "vitest";
import { checkPlan } from "./check.ts";
import { learnmore } from "./learnmore/plan.ts";
import { computed, mappedTables, reference, type MappedTable, type Plan } from "./plan.ts";
import { plans } from "./plans.ts";

test.each([...plans.values()])("the plan of $system is sound", (plan) => {
  expect(checkPlan(plan)).toEqual([]);
});

/** LearnMore's plan with one mapped table changed. */
function withTable(source: string, change: (table: MappedTable) => Partial<MappedTable>): Plan {
  expect(mappedTables(learnmore).map((table) => table.source)).toContain(source);
  const tables = learnmore.tables.map((table) =>
    table.disposition === "mapped" && table.source === source ? { ...table, ...change(table) } : table,
  );
  return { ...learnmore, tables };
}

const without = <Value>(record: Readonly<Record<string, Value>>, key: string): Record<string, Value> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));

test("a table that the plan forgets is named", () => {
  const tables = learnmore.tables.filter(({ source }) => source !== "django_session");
  expect(checkPlan({ ...learnmore, tables })).toEqual(["django_session: is neither mapped, folded nor dropped"]);
});

test("a column that the plan forgets is named, and has no way back either", () => {
  const plan = withTable("courses_course", ({ columns }) => ({ columns: without(columns, "settings") }));
  expect(checkPlan(plan)).toEqual([
    "courses_course: column settings is neither mapped nor kept as extra nor dropped",
    "courses_course: column settings has no way back and no reason for that",
  ]);
});

test("a column that is dropped with a reason is accounted for, without one it is not", () => {
  const dropping = (reason: string): Plan =>
    withTable("courses_course", ({ columns }) => ({
      columns: without(columns, "settings"),
      dropped: { settings: reason },
    }));
  expect(checkPlan(dropping("nobody reads it"))).toEqual([]);
  expect(checkPlan(dropping(" "))).toEqual(["courses_course: column settings is dropped without a reason"]);
});

test("a folded table's column that goes nowhere is named", () => {
  const plan = withTable("quizzes_question", ({ columns }) => ({ columns: without(columns, "rubric") }));
  expect(checkPlan(plan)).toEqual(["quizzes_essayquestion: column rubric is folded into nothing"]);
});

test("an expression over columns that it does not name, or that do not exist, is refused", () => {
  const plan = withTable("quizzes_question", ({ columns }) => ({
    columns: { ...columns, shuffle: computed({ from: ["m.shuffel"], sql: "m.shuffle", type: "boolean" }) },
  }));
  expect(checkPlan(plan)).toContain("quizzes_question: there is no column m.shuffel");
  expect(checkPlan(plan)).toContain("quizzes_question: shuffle uses m.shuffle without saying so");
});

test("a rule over a column that does not exist is refused", () => {
  const plan = withTable("courses_module", ({ rejects }) => ({
    rejects: [...(rejects ?? []), { name: "late", when: "t.positon > 9", reason: "too far" }],
  }));
  expect(checkPlan(plan)).toEqual(["courses_module: rule late uses positon, which does not exist"]);
});

test("a rule that is there twice is refused", () => {
  const plan = withTable("courses_module", ({ rejects }) => ({ rejects: [...(rejects ?? []), ...(rejects ?? [])] }));
  expect(checkPlan(plan)).toEqual(["courses_module: rule position-negative is there twice"]);
});

test("a reference to a table without rows of its own is refused", () => {
  const plan = withTable("quizzes_choice", ({ columns }) => ({
    columns: { ...columns, question_id: reference("question_id", "quizzes_essayquestion") },
  }));
  expect(checkPlan(plan)).toEqual(["quizzes_choice: question_id refers to quizzes_essayquestion, which is not mapped"]);
});

test("tables that refer to each other in a circle are refused", () => {
  const plan = withTable("auth_user", ({ columns }) => ({
    columns: { ...columns, course: reference("id", "courses_course") },
  }));
  expect(checkPlan(plan)).toEqual([expect.stringMatching(/^The tables auth_user, .* refer to each other in a circle/)]);
});

test("a unique key, a repair and a range need columns that are mapped", () => {
  const plan = withTable("courses_module", () => ({
    unique: [["nothing"]],
    range: { column: "id", target: "nowhere", kind: "integer" },
    repairs: [{ name: "fix", column: "none", when: "t.id = 1", then: "1", reason: "so" }],
  }));
  expect(checkPlan(plan)).toEqual([
    "courses_module: range target nowhere is not mapped",
    "courses_module: repair fix is for none, which is not mapped",
    "courses_module: unique column nothing is not mapped",
  ]);
});

test("rights over a table that is not carried are refused", () => {
  expect(checkPlan({ ...learnmore, rights: "SELECT 1 FROM {django_session}" })).toEqual([
    "django_session: is used by the rights or a tally, but is not carried",
  ]);
});
