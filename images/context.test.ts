import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { contentHash, imageContext } from "./context.ts";

test("the order of files does not change the hash, their content and names do", () => {
  const one = { a: { bytes: "1" }, b: { bytes: "2" } };
  expect(contentHash(one, {})).toBe(contentHash({ b: { bytes: "2" }, a: { bytes: "1" } }, {}));
  expect(contentHash(one, {})).not.toBe(contentHash({ a: { bytes: "1" }, b: { bytes: "3" } }, {}));
  expect(contentHash(one, {})).not.toBe(contentHash({ a: { bytes: "1" }, c: { bytes: "2" } }, {}));
  expect(contentHash(one, {})).not.toBe(contentHash(one, { BASE: "x" }));
});

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
