import { expect, test } from "vitest";
import { contentHash } from "./content-hash.ts";

test("the order of files does not change the hash, their content and names do", () => {
  const one = { a: { bytes: "1" }, b: { bytes: "2" } };
  expect(contentHash(one, {})).toBe(contentHash({ b: { bytes: "2" }, a: { bytes: "1" } }, {}));
  expect(contentHash(one, {})).not.toBe(contentHash({ a: { bytes: "1" }, b: { bytes: "3" } }, {}));
  expect(contentHash(one, {})).not.toBe(contentHash({ a: { bytes: "1" }, c: { bytes: "2" } }, {}));
  expect(contentHash(one, {})).not.toBe(contentHash(one, { BASE: "x" }));
});
