import { expect, test } from "vitest";
import { linodeLabel } from "./linode-names.ts";

test("a label is its parts joined by hyphens", () => {
  expect(linodeLabel(["landfall-staging", "staging", "g1"], 50)).toBe("landfall-staging-staging-g1");
});

test("labels that are too long are cut to what Linode takes and stay apart", () => {
  const one = linodeLabel(["landfall-a-rather-long-stack", "database-1", "data"], 32);
  const other = linodeLabel(["landfall-a-rather-long-stack", "database-2", "data"], 32);
  expect(one.length).toBeLessThanOrEqual(32);
  expect(one).toMatch(/^landfall-a-rather-long-st?a?c?k?-?[0-9a-f-]+$/);
  expect(one).not.toBe(other);
});
