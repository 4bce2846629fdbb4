import { expect, test } from "vitest";
import { planHash } from "./hash.ts";
import { learnmore } from "./learnmore/plan.ts";
import type { Plan, PlanTable } from "./plan.ts";

const changed = (change: (table: PlanTable) => PlanTable): Plan => ({
  ...learnmore,
  tables: learnmore.tables.map(change),
});

test("another reason leaves a plan what it is", () => {
  const plan = changed((table) => (table.disposition === "mapped" ? table : { ...table, reason: "said otherwise" }));
  expect(planHash(plan)).toBe(planHash(learnmore));
});

test("another rule or mapping makes another plan of it", () => {
  const stricter = changed((table) =>
    table.disposition === "mapped" && table.source === "courses_module"
      ? { ...table, rejects: [{ name: "position-negative", when: "t.position < 1", reason: "" }] }
      : table,
  );
  expect(planHash(stricter)).not.toBe(planHash(learnmore));
  expect(planHash({ ...learnmore, window: 2 })).not.toBe(planHash(learnmore));
});
