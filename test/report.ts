/** What we read of the report that vitest writes. */
export interface TestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  /** A file that cannot be run has no tests that could fail. */
  testResults: { status: string; assertionResults: unknown[] }[];
}

/**
 * The last line of a test run: `12 passed, 0 failed`, with `, 1 skipped` where some were.
 * @param report vitest's, or undefined when it has written none, which counts as a failure
 * @param failedChecks how many checks of the source have failed; they count as failures too
 */
export function closingLine(report: TestReport | undefined, failedChecks: number): string {
  if (report === undefined) return `0 passed, ${String(failedChecks + 1)} failed`;
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  ).length;
  const failed = report.numFailedTests + broken + failedChecks;
  const skipped = report.numPendingTests + report.numTodoTests;
  const counts = `${String(report.numPassedTests)} passed, ${String(failed)} failed`;
  return skipped === 0 ? counts : `${counts}, ${String(skipped)} skipped`;
}
