import type { SystemFigures, TableFigures } from "@landfall/migration/progress/meter";
import { expect, test } from "vitest";
import { bar, frame, plainLine, tableLine } from "./progress-text.ts";

const table: TableFigures = {
  system: "learnmore",
  table: "courses_enrollment",
  phase: "copying",
  rows: 1_240_000,
  of: 2_000_000,
  bytes: 124_000_000,
  rowsPerSecond: 81_234.5,
  secondsLeft: 9.4,
  done: false,
};
const figures = (tables: readonly TableFigures[]): SystemFigures => ({
  system: "learnmore",
  phase: "copying",
  seconds: 65,
  tables,
  files: undefined,
});

test("a wide line has everything: name, bar, share, rows, rate, time left and bytes", () => {
  expect(tableLine(table, { columns: 120, names: 28 })).toBe(
    "courses_enrollment           ████████████░░░░░░░░  62 %  1,240,000 of 2,000,000 rows  81,235/s  9 s left  124 MB",
  );
});

test("a narrow line loses the least telling first, and keeps name and share", () => {
  expect(tableLine(table, { columns: 60, names: 28 })).toBe("courses_enrollment           ████████████░░░░░░░░  62 %");
  expect(tableLine(table, { columns: 20, names: 28 })).toBe("courses_enrol…  62 %");
});

test("names take the room of the longest, so that a terminal of 80 columns shows the rate", () => {
  const [, line] = frame(figures([{ ...table, table: "auth_user" }]), { columns: 80, rows: 24 });
  expect(line).toBe("auth_user  ████████████░░░░░░░░  62 %  1,240,000 of 2,000,000 rows  81,235/s");
});

test("no line is ever wider than the terminal", () => {
  const wild = { ...table, table: "a\u001b[2Jtable\u202ewith much more of a name than anybody would give it" };
  for (let columns = 1; columns <= 200; columns++) {
    for (const line of frame(figures([wild, table]), { columns, rows: 24 }))
      expect(line.length, `${columns.toString()}: ${line}`).toBeLessThanOrEqual(columns);
  }
  expect(tableLine(wild, { columns: 100, names: 28 })).not.toMatch(/\p{Cc}|\u202e/u);
});

test("a frame shows the tables in flight, then all of them together, and never more than a low terminal has room for", () => {
  const done = { ...table, table: "done", rows: 2_000_000, done: true };
  const waiting = { ...table, table: "waiting", rows: 0 };
  const lines = frame(figures([done, table, waiting]), { columns: 100, rows: 24 });
  expect(lines[0]).toBe("learnmore: copying, 1 of 3 tables, 1 min 05 s");
  expect(lines.slice(1).map((line) => line.split(" ", 1)[0])).toEqual(["courses_enrollment", "all"]);
  expect(lines[2]).toContain("3,240,000 of 6,000,000 rows");
  const many = Array.from({ length: 50 }, (_, index) => ({ ...table, table: `t${index.toString()}` }));
  expect(frame(figures(many), { columns: 100, rows: 8 })).toHaveLength(6);
});

test("a plain line says the same without a bar", () => {
  expect(plainLine(figures([table]))).toBe(
    "learnmore: copying, 1,240,000 of 2,000,000 rows (62 %), 124 MB, 19,077/s, 40 s left, now courses_enrollment",
  );
  const files = { system: "dirfinal", files: 3, of: 10, bytes: 4000, ofBytes: 9000, missing: 1, damaged: 0 };
  expect(plainLine({ system: "dirfinal", phase: "files", seconds: 1, tables: [], files })).toBe(
    "dirfinal: moving files, 3 of 10 files, 4 KB",
  );
});

test.each([
  [0, "░░░░"],
  [50, "██░░"],
  [100, "████"],
  [180, "████"],
])("a bar of %i %% is %s", (percent, expected) => {
  expect(bar(percent, 4)).toBe(expected);
});
