import { expect, test } from "vitest";
import { rowHashes } from "./fingerprint.ts";

const columns = [
  { name: "legacy_id", type: "text" },
  { name: "spent", type: "interval" },
];

test("rows of like servers are hashed as records, but for values that compare as equal and read differently", () => {
  expect(rowHashes("SELECT 1", columns, "native")).toBe(
    `SELECT r."legacy_id", hash_record_extended(r, hashtextextended(r."legacy_id", 1)) AS first, hash_record_extended(r, hashtextextended(r."legacy_id", 2)) AS second
FROM (SELECT m."legacy_id", m."spent"::text AS "spent"
FROM (SELECT 1) m OFFSET 0) r`,
  );
});

test("rows of unlike servers are hashed by their canonical text, in which nothing reads like anything else", () => {
  const query = rowHashes("SELECT 1", columns, "text");
  expect(query).toContain(`coalesce(replace(replace(m."spent"::text, E'\\\\', E'\\\\\\\\'), '|', E'\\\\p'), E'\\\\N')`);
  expect(query).toContain("('x0' || substr(d.digest, 1, 15))::bit(64)::bigint AS first");
  expect(query).toContain("('x0' || substr(d.digest, 17, 15))::bit(64)::bigint AS second");
});
