import { readFileSync } from "node:fs";
import { plans } from "@landfall/migration/plans/plans";
import { expect, test } from "vitest";
import { renderCommandReference } from "./reference.ts";

test("docs/landfall.md is what the command's help says (npm run reference writes it anew)", () => {
  const page = readFileSync(new URL("../../docs/landfall.md", import.meta.url), "utf8");
  expect(page).toBe(renderCommandReference([...plans.keys()]));
});
