import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { checkPlan } from "../check.ts";
import { guestbook } from "./guestbook.ts";

test("the example's plan accounts for every table and column, and every way back", () => {
  expect(checkPlan(guestbook)).toEqual([]);
});

test.each(["legacy.sql", "target.sql", "guestbook.ts"])("docs/migration.md shows the example's %s as it is", (name) => {
  const page = readFileSync(new URL("../../../docs/migration.md", import.meta.url), "utf8");
  const text = readFileSync(new URL(name, import.meta.url), "utf8");
  expect(page).toContain(`\`\`\`${name.endsWith(".ts") ? "ts" : "sql"}\n${text}\`\`\`\n`);
});
