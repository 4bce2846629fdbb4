import { expect, test } from "vitest";
import { progressLine } from "./progress.ts";

test("the last line that says something is told, with the time that is left", () => {
  const log = [
    '{"level":"info","msg":"surveyed learnmore"}',
    '{"level":"info","rows":10,"of":40,"rowsPerSecond":1,"secondsLeft":29.6,"msg":"copied 10 of 40 rows"}',
    "not JSON",
    "",
  ].join("\n");
  expect(progressLine(log)).toBe("copied 10 of 40 rows, about 30 s left");
});

test("without time left there is only the message, and without a line there is nothing", () => {
  expect(progressLine('{"msg":"copied 40 of 40 rows","secondsLeft":0}\n')).toBe("copied 40 of 40 rows");
  expect(progressLine("")).toBeUndefined();
});
