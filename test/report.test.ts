import { expect, test } from "vitest";
import { closingLine } from "./report.ts";

const report = { numPassedTests: 12, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] };

test("a run without skipped tests counts passed and failed alone", () => {
  expect(closingLine(report, 0)).toBe("12 passed, 0 failed");
});

test("skipped tests and tests to be written are counted together", () => {
  expect(closingLine({ ...report, numPendingTests: 1, numTodoTests: 2 }, 0)).toBe("12 passed, 0 failed, 3 skipped");
});

test("a file that could not be run and a failed check count as failures", () => {
  const broken = { ...report, testResults: [{ status: "failed", assertionResults: [] }] };
  expect(closingLine(broken, 1)).toBe("12 passed, 2 failed");
});

test("a run that left no report has failed", () => {
  expect(closingLine(undefined, 0)).toBe("0 passed, 1 failed");
});
