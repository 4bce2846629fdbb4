import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { learnmore } from "../plans/learnmore/plan.ts";
import type { SystemReport } from "../report.ts";
import { keep, landingReport, type LandingFacts } from "./landing-report.ts";
import { noFiles } from "./lost-files.ts";

const outcome: SystemReport = {
  system: "learnmore",
  state: "verified",
  runId: "7",
  planHash: "abc",
  copiedNow: true,
  startedAt: "2026-11-21T10:00:00.000Z",
  finishedAt: "2026-11-21T10:01:00.000Z",
  tables: learnmore.tables.map(({ source, disposition }) => ({
    source,
    target: null,
    disposition,
    sourceRows: 10,
    targetRows: disposition === "dropped" ? 0 : 9,
    quarantinedRows: disposition === "dropped" ? 0 : 1,
    repairedRows: 2,
    seconds: 0.5,
  })),
  verification: [{ name: "content", subject: "accounts.users", passed: true, expected: "a", found: "a" }],
  quarantine: [],
  repairs: [],
  rollbackPoint: null,
};
const facts: LandingFacts = {
  plan: learnmore,
  outcome,
  files: noFiles,
  quarantine: [],
  seconds: 1.23456,
  release: "test",
  source: "",
  target: "",
};
const withChecks = (...verification: SystemReport["verification"]) =>
  landingReport({ ...facts, outcome: { ...outcome, verification } });

test("every legacy table has a row, and each of its rows is landed, quarantined or dropped", () => {
  const { tables, ok, seconds } = landingReport(facts);
  expect(ok).toBe(true);
  expect(seconds).toBe(1.235);
  expect(tables.map(({ source }) => source)).toEqual(learnmore.tables.map(({ source }) => source));
  for (const { landed, quarantined, dropped, rows, source } of tables)
    expect(landed + quarantined + dropped, source).toBe(rows);
  expect(tables.find(({ source }) => source === "django_session")).toMatchObject({ landed: 0, dropped: 10 });
  expect(tables.find(({ source }) => source === "django_session")?.reason).toMatch(/\w/);
});

test("a landing that was refused has every table, too, with nothing in it", () => {
  const report = landingReport({ ...facts, outcome: undefined, error: "refused", faults: ["one", "two"] });
  expect(report).toMatchObject({ ok: false, error: "refused", faults: ["one", "two"], run: null, state: "planned" });
  expect(report.tables).toHaveLength(learnmore.tables.length);
});

test("an unknown table that was left behind by name is in the report as well", () => {
  const extra = { source: "payments", target: null, disposition: "dropped", sourceRows: 3 } as const;
  const figures = { targetRows: 0, quarantinedRows: 0, repairedRows: 0, seconds: 0 };
  const tables = [...outcome.tables, { ...extra, ...figures }];
  expect(landingReport({ ...facts, outcome: { ...outcome, tables } }).tables.at(-1)).toMatchObject({
    source: "payments",
    rows: 3,
    dropped: 3,
    landed: 0,
  });
});

test("differences are told row by row where the rows are known", () => {
  const detail = {
    differences: [
      { legacyId: "3", fault: "differs", columns: ["email"] },
      { legacyId: "9", fault: "missing" },
    ],
    more: false,
  };
  const failed = { name: "content", subject: "accounts.users", passed: false, expected: "10", found: "9" };
  const report = withChecks({ ...failed, detail });
  expect(report.ok).toBe(false);
  expect(report.verification).toMatchObject({
    checked: 1,
    differences: [
      { check: "content", subject: "accounts.users", legacyId: "3", fault: "differs", columns: ["email"] },
      { check: "content", subject: "accounts.users", legacyId: "9", fault: "missing" },
    ],
  });
  expect(withChecks({ ...failed, detail: { ...detail, more: true } }).verification.differences.at(-1)).toEqual({
    check: "content",
    subject: "accounts.users",
    expected: "10",
    found: "9",
  });
});

test("a difference of counts alone is told by its counts", () => {
  const failed = {
    name: "identity",
    subject: "accounts.users",
    passed: false,
    expected: "0 doubles",
    found: "1 doubles",
  };
  expect(withChecks({ ...failed, detail: { more: "than this knows" } }).verification.differences).toEqual([
    { check: "identity", subject: "accounts.users", expected: "0 doubles", found: "1 doubles" },
  ]);
});

test("what is kept is the report to the byte, with its digest", () => {
  const { text, sha256 } = keep(landingReport(facts));
  expect(JSON.parse(text)).toEqual(landingReport(facts));
  expect(sha256).toBe(createHash("sha256").update(text).digest("hex"));
});
