import { expect, test } from "vitest";
import { learnmore } from "../plans/learnmore/plan.ts";
import { mappedTables, type MappedTable } from "../plans/plan.ts";
import {
  chunksBetween,
  coversAll,
  evenBoundaries,
  quarantineRange,
  rowsPerChunk,
  sourceRange,
  targetRange,
  wholeTable,
} from "./range.ts";

function table(source: string): MappedTable {
  const found = mappedTables(learnmore).find((one) => one.source === source);
  if (found === undefined) throw new Error(source);
  return found;
}

test("chunks join without a gap, and the outer ones have no end", () => {
  expect(chunksBetween(["10", "20"])).toEqual([
    { number: 1, low: null, high: "10" },
    { number: 2, low: "10", high: "20" },
    { number: 3, low: "20", high: null },
  ]);
  expect(chunksBetween([])).toEqual([wholeTable]);
});

test("chunks cover a table when they begin and end without a bound and none is missing between", () => {
  const chunks = chunksBetween(["10", "20", "30"]);
  expect(coversAll(chunks)).toBe(true);
  expect(coversAll([wholeTable])).toBe(true);
  expect(coversAll([])).toBe(false);
  for (const lost of chunks) expect(coversAll(chunks.filter((chunk) => chunk !== lost))).toBe(false);
  expect(coversAll([wholeTable, wholeTable])).toBe(false);
});

test("dense keys are cut evenly, from the first to the last", () => {
  expect(evenBoundaries({ min: 1n, max: 1000n, rows: 1000, perChunk: 250 })).toEqual(["251", "501", "751"]);
  expect(evenBoundaries({ min: -50n, max: 49n, rows: 100, perChunk: 40 })).toEqual(["-17", "16"]);
});

test("a table that fits into one chunk is not cut", () => {
  expect(evenBoundaries({ min: 1n, max: 9_000_000_000n, rows: 250, perChunk: 250 })).toEqual([]);
});

test("sparse keys are left to be cut by their ranks", () => {
  expect(evenBoundaries({ min: 1n, max: 9_223_372_036_854_775_807n, rows: 1000, perChunk: 100 })).toBeUndefined();
});

test("wide rows make smaller chunks, but never tiny ones", () => {
  expect(rowsPerChunk(50_000, { rows: 1_000_000, bytes: 100_000_000 })).toBe(50_000);
  expect(rowsPerChunk(50_000, { rows: 1_000_000, bytes: 2 ** 30 })).toBe(15_625);
  expect(rowsPerChunk(50_000, { rows: 100, bytes: 2 ** 30 })).toBe(1000);
  expect(rowsPerChunk(200, { rows: 0, bytes: 0 })).toBe(200);
});

test("a range is the same rows on both sides, with the keys in their window on the target's", () => {
  const chunk = { number: 2, low: "10", high: "20" };
  expect(sourceRange(table("auth_user").range, chunk)).toBe(`t."id" >= '10'::bigint AND t."id" < '20'::bigint`);
  expect(targetRange(learnmore, table("auth_user"), chunk)).toBe(
    `"source_system" = 'learnmore' AND "id" >= 1099511627786 AND "id" < 1099511627796`,
  );
  expect(quarantineRange(table("accounts_profile").range, chunk)).toBe(
    `(legacy_row ->> 'user_id')::bigint >= '10'::bigint AND (legacy_row ->> 'user_id')::bigint < '20'::bigint`,
  );
});

test("UUID keys are the same on both sides", () => {
  const chunk = { number: 1, low: null, high: "8a02d11d-397e-4526-abd7-861702beeecd" };
  expect(sourceRange(table("analytics_event").range, chunk)).toBe(
    `t."id" < '8a02d11d-397e-4526-abd7-861702beeecd'::uuid`,
  );
  expect(targetRange(learnmore, table("analytics_event"), chunk)).toBe(
    `"source_system" = 'learnmore' AND "id" < '8a02d11d-397e-4526-abd7-861702beeecd'::uuid`,
  );
});

test("text keys are compared by their bytes, whatever the collation", () => {
  expect(sourceRange({ column: "name", kind: "text" }, { number: 1, low: "a'b", high: "c" })).toBe(
    `t."name" COLLATE "C" >= 'a''b'::text AND t."name" COLLATE "C" < 'c'::text`,
  );
});

test("rows without the range's column belong to the last chunk", () => {
  expect(sourceRange(table("auth_user").range, { number: 3, low: "20", high: null })).toBe(
    `(t."id" >= '20'::bigint OR t."id" IS NULL)`,
  );
  expect(sourceRange(table("auth_user").range, wholeTable)).toBe("true");
  expect(targetRange(learnmore, table("auth_user"), { number: 3, low: "20", high: null })).toBe(
    `"source_system" = 'learnmore' AND ("id" >= 1099511627796 OR "id" IS NULL)`,
  );
});
