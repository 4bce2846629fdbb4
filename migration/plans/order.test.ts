import { expect, test } from "vitest";
import { learnmore } from "./learnmore/plan.ts";
import { parentsOf, tablesInOrder, withDescendants } from "./order.ts";

test("every table stands behind those that it refers to", () => {
  const order = tablesInOrder(learnmore).map(({ source }) => source);
  for (const table of tablesInOrder(learnmore)) {
    for (const parent of parentsOf(table)) expect(order.indexOf(parent)).toBeLessThan(order.indexOf(table.source));
  }
  expect(order).toHaveLength(24);
});

test("what hangs on a table is found through others too", () => {
  expect([...withDescendants(learnmore, ["courses_module"])].sort()).toEqual([
    "courses_module",
    "courses_progress",
    "quizzes_attempt",
    "quizzes_choice",
    "quizzes_essayquestion",
    "quizzes_multiplechoicequestion",
    "quizzes_question",
    "quizzes_quiz",
    "quizzes_response",
  ]);
});
