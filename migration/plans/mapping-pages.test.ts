import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { mappingPages } from "./mapping-pages.ts";

const project = new URL("../../", import.meta.url);

test("docs/mapping has a page for every plan, and each is what the plan says (npm run reference writes them anew)", () => {
  const pages = readdirSync(new URL("docs/mapping/", project)).map((name) => `docs/mapping/${name}`);
  expect(pages.sort()).toEqual([...mappingPages().keys()].sort());
  for (const [path, text] of mappingPages()) expect(readFileSync(new URL(path, project), "utf8"), path).toBe(text);
});
