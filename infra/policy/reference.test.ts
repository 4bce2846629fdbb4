import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { projectRoot } from "../../images/files.ts";
import { rules } from "./catalogue.ts";
import { renderRules } from "./reference.ts";

test("docs/rules.md is what the rules say (npm run reference writes it anew)", () => {
  expect(readFileSync(join(projectRoot, "docs/rules.md"), "utf8")).toBe(renderRules());
});

test("every rule is on the page", () => {
  const headings = renderRules().match(/^### \w+(?=:)/gm) ?? [];
  expect(headings).toEqual(rules.map(({ id }) => `### ${id}`));
});
