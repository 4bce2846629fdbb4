import { expect, test } from "vitest";
import { Meter } from "./meter.ts";
import type { TableProgress } from "./progress.ts";

const progress = (table: string, rows: number): TableProgress => ({
  system: "learnmore",
  table,
  phase: "copying",
  rows,
  of: 1000,
  bytes: rows * 10,
});

/** A meter whose clock stands at what the test says, in seconds. */
function meterAt() {
  const clock = { seconds: 0 };
  const meter = new Meter(() => clock.seconds * 1000);
  meter.phase("learnmore", "copying");
  return { clock, meter, first: () => meter.read().tables[0] };
}

test("the rate is that of the rows since a table's first ones came, and the time left follows from it", () => {
  const { clock, meter, first } = meterAt();
  meter.table(progress("users", 0));
  clock.seconds = 50;
  meter.table(progress("users", 100));
  expect(first()).toMatchObject({ rows: 100, rowsPerSecond: undefined, secondsLeft: undefined, done: false });
  clock.seconds = 52;
  meter.table(progress("users", 300));
  expect(first()).toMatchObject({ rows: 300, of: 1000, bytes: 3000, rowsPerSecond: 100, secondsLeft: 7, done: false });
  expect(meter.read()).toMatchObject({ system: "learnmore", phase: "copying", seconds: 52 });
});

test("rows of an interrupted run are no work of this one's", () => {
  const { clock, meter, first } = meterAt();
  meter.table(progress("users", 600));
  for (const rows of [650, 750]) {
    clock.seconds += 1;
    meter.table(progress("users", rows));
  }
  expect(first()).toMatchObject({ rowsPerSecond: 100, secondsLeft: 2.5 });
});

test("a moment is too short for a rate", () => {
  const { clock, meter, first } = meterAt();
  for (const rows of [0, 100, 500]) {
    meter.table(progress("users", rows));
    clock.seconds += 0.01;
  }
  expect(first()?.rowsPerSecond).toBeUndefined();
});

test("a table that is done has no time left", () => {
  const { meter, first } = meterAt();
  meter.table(progress("users", 1000));
  expect(first()).toMatchObject({ done: true, secondsLeft: 0 });
});

test("a phase begins anew", () => {
  const { clock, meter } = meterAt();
  meter.table(progress("users", 5));
  meter.files({ system: "learnmore", files: 1, of: 2, bytes: 3, ofBytes: 4, missing: 0, damaged: 0 });
  clock.seconds = 3;
  meter.phase("learnmore", "verifying");
  expect(meter.read()).toEqual({ system: "learnmore", phase: "verifying", seconds: 0, tables: [], files: undefined });
});
