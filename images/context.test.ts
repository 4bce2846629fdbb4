import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { imageContext } from "./context.ts";

test("an image that starts from another of the project's is named anew when that one changes", () => {
  const postgres = imageContext("postgres");
  const legacy = imageContext("legacy-learnmore");
  expect(legacy.base).toBe("postgres");
  expect(legacy.buildArgs).toEqual({ POSTGRES_IMAGE: postgres.name });
  expect(legacy.name).toMatch(/^landfall\/legacy-learnmore:[0-9a-f]{16}$/);
});

test("a context holds the Dockerfile and what comes from elsewhere in the clone", () => {
  const { directory } = imageContext("legacy-learnmore");
  for (const file of ["Dockerfile", "load.sh", "dump.sql.gz"]) expect(existsSync(join(directory, file))).toBe(true);
});
