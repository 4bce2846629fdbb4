import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { projectRoot } from "../../images/files.ts";
import { renderReference } from "./reference.ts";

test("docs/settings.md is what the schema says (npm run reference writes it anew)", () => {
  expect(readFileSync(join(projectRoot, "docs/settings.md"), "utf8")).toBe(renderReference());
});

test("every setting has a description", () => {
  const rows = renderReference()
    .split("\n")
    .filter((line) => line.startsWith("| `"));
  expect(rows.length).toBeGreaterThan(40);
  expect(rows.filter((line) => line.endsWith("|  |"))).toEqual([]);
});
