import { expect, test } from "vitest";
import { combineReports, type SystemReport } from "@landfall/migration/report";
import { landedSystems, readReport, reportFaults } from "./report.ts";

const started = new Date("2026-01-01T00:00:00Z");
const table = {
  source: "auth_user",
  target: "accounts.users",
  disposition: "mapped" as const,
  sourceRows: 10,
  targetRows: 9,
  quarantinedRows: 1,
  repairedRows: 0,
  seconds: 1,
};
const check = { name: "rows", subject: "auth_user", passed: true, expected: "10", found: "10" };

function written(changes: Partial<SystemReport> = {}): string {
  const system: SystemReport = {
    system: "learnmore",
    state: "verified",
    runId: "1",
    planHash: "p",
    copiedNow: true,
    startedAt: null,
    finishedAt: null,
    tables: [table],
    verification: [check],
    quarantine: [],
    repairs: [],
    rollbackPoint: null,
    ...changes,
  };
  return JSON.stringify(combineReports(["learnmore"], [system], { release: "r", startedAt: started }));
}

const faults = (text: string | undefined, systems = ["learnmore"]): string[] =>
  reportFaults(readReport(text, started), systems);

test("a verified report as the migration writes it opens the gate", () => {
  expect(faults(written())).toEqual([]);
});

test("no report, half a report and an older run's report do not", () => {
  const missing = ["it left no report of this run that can be read"];
  expect(faults(undefined)).toEqual(missing);
  expect(faults(written().slice(0, 100))).toEqual(missing);
  expect(reportFaults(readReport(written(), new Date("2026-01-02T00:00:00Z")), [])).toEqual(missing);
});

test("a failed verification is named", () => {
  expect(faults(written({ verification: [{ ...check, passed: false }] }))).toEqual([
    "verification 'rows' of auth_user failed",
  ]);
});

test("a report without any verification does not open the gate", () => {
  expect(faults(written({ verification: [] }))).toEqual(["its report shows no verification"]);
});

test("rows that are neither in the target nor in quarantine are named", () => {
  expect(faults(written({ tables: [{ ...table, targetRows: 8 }] }))).toEqual([
    "auth_user has 10 rows, but 8 in the target and 1 in quarantine",
  ]);
});

test("a state that is not verified and a system that is not spoken of are named", () => {
  expect(faults(written({ state: "failed" }))).toEqual(["its report says 'failed', not 'verified'"]);
  expect(faults(written(), ["learnmore", "unpuzzle"])).toEqual(["its report does not speak of unpuzzle"]);
});

test("each system is told of by itself, in the rows of its mapped tables and the checks that passed", () => {
  const report = readReport(
    written({ tables: [table, { ...table, source: "django_session", disposition: "dropped", sourceRows: 99 }] }),
    started,
  );
  if (report === undefined) throw new Error("the report cannot be read");
  const other = { system: "dirfinal", ...table, sourceRows: 5, targetRows: 5, quarantinedRows: 0 };
  const both = { ...report, systems: ["learnmore", "dirfinal"], tables: [...report.tables, other] };
  expect(landedSystems(both)).toEqual([
    { system: "learnmore", sourceRows: 10, targetRows: 9, quarantinedRows: 1, verificationsPassed: 1 },
    { system: "dirfinal", sourceRows: 5, targetRows: 5, quarantinedRows: 0, verificationsPassed: 0 },
  ]);
});
