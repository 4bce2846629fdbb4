import { expect, test } from "vitest";
import { differingBuckets, differingRows, joinMoved } from "./compare.ts";

const row = (legacyId: string, first: string, second = first) => ({ legacyId, first, second });

test("rows that are missing, unexpected or otherwise are told apart", () => {
  const expected = [row("1", "10"), row("2", "20"), row("3", "30")];
  const found = [row("1", "10"), row("3", "31"), row("4", "40")];
  expect(differingRows(expected, found)).toEqual([
    { legacyId: "2", fault: "missing" },
    { legacyId: "3", fault: "differs" },
    { legacyId: "4", fault: "unexpected" },
  ]);
});

test("a row that is there twice is unexpected once", () => {
  expect(differingRows([row("1", "10")], [row("1", "10"), row("1", "10")])).toEqual([
    { legacyId: "1", fault: "unexpected" },
  ]);
});

test("a difference in the second hash alone is a difference", () => {
  expect(differingRows([row("1", "10", "11")], [row("1", "10", "12")])).toEqual([{ legacyId: "1", fault: "differs" }]);
});

test("buckets that only one side has differ", () => {
  const bucket = (number: number, first: string) => ({ bucket: number, rows: "1", first, second: "0" });
  expect(differingBuckets([bucket(3, "1"), bucket(1, "1"), bucket(9, "5")], [bucket(1, "1"), bucket(9, "6")])).toEqual([
    3, 9,
  ]);
});

test("a row that has moved from one chunk to another is one that differs", () => {
  const moved = [
    { legacyId: "1", fault: "missing" },
    { legacyId: "2", fault: "missing" },
    { legacyId: "1", fault: "unexpected" },
    { legacyId: "3", fault: "differs", columns: ["name"] },
  ] as const;
  expect(joinMoved(moved, "user_id")).toEqual([
    { legacyId: "1", fault: "differs", columns: ["user_id"] },
    { legacyId: "2", fault: "missing" },
    { legacyId: "3", fault: "differs", columns: ["name"] },
  ]);
});
