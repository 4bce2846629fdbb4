import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../test/services/services.ts";
import { ask } from "../test/landing.ts";
import { discard } from "../test/legacy.ts";
import { rowHashes, sums } from "./fingerprint.ts";
import type { Sums } from "./fingerprints.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase();
});
afterAll(async () => {
  await discard(database);
});

const columns = (type: string) => [
  { name: "legacy_id", type: "text" },
  { name: "name", type: "text" },
  { name: "value", type },
];

describe.each(["native", "text"] as const)("sums of the %s hashes", (tier) => {
  const sumsOf = async (relation: string, type = "text"): Promise<Sums | undefined> =>
    (await ask<{ rows: string; first: string; second: string }>(database, sums(relation, columns(type), tier)))[0];

  test("tell rows from those that have swapped their values, whichever two they are", async () => {
    const rows = (value: string): string =>
      `SELECT i::text AS legacy_id, 'name ' || i AS name, ${value} AS value FROM generate_series(1, 2) i`;
    for (let round = 0; round < 10; round += 1) {
      const value = (row: string): string => `md5((${round.toString()} + ${row})::text)`;
      expect(await sumsOf(rows(value("i")))).not.toEqual(await sumsOf(rows(value("3 - i"))));
    }
  });

  test.each([
    ["jsonb", "'null'", "'[null]'"],
    ["jsonb", "'1'", "'[1]'"],
    ["jsonb", `'{"a": 1.5}'`, `'{"a": 1.50}'`],
    ["numeric", "1.5", "1.51"],
    ["interval", "'1 mon'", "'30 days'"],
    ["double precision", "'0'", "'-0'"],
    ["text", "''", "NULL"],
  ])("tell %s %s from %s", async (type, one, other) => {
    const rows = (value: string): string => `SELECT '1' AS legacy_id, 'one' AS name, ${value}::${type} AS value`;
    expect(await sumsOf(rows(one), type)).not.toEqual(await sumsOf(rows(other), type));
  });

  test("are numbers without a limit", async () => {
    const rows = "SELECT i::text AS legacy_id, 'one' AS name, '' AS value FROM generate_series(1, 5000) i";
    const [added] = await ask<{ first: string }>(database, sums(rows, columns("text"), tier));
    const each = rowHashes(rows, columns("text"), tier);
    const [one] = await ask<{ first: string; beyond: boolean }>(
      database,
      `SELECT sum(h.first::numeric) AS first, max(abs(h.first::numeric)) * 5000 > 2 ^ 63 AS beyond FROM (${each}) h`,
    );
    expect(one).toEqual({ first: added?.first, beyond: true });
  });
});
