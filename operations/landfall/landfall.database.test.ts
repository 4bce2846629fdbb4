import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { LandingReport } from "@landfall/app/console/landing-report";
import { createLegacy, discard } from "@landfall/migration/test/legacy";
import { ask } from "@landfall/migration/test/landing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../test/services/services.ts";
import { Command, home, urlOf, type Ended } from "./test/command.ts";

const here = home();
let source: TestDatabase;
let target: TestDatabase;
let landed: Ended;
let report: LandingReport;

/** The arguments that name this test's databases. */
const between = (): string[] => ["--source", urlOf(source), "--target", urlOf(target)];
const run = (args: readonly string[], environment: Record<string, string> = {}): Promise<Ended> =>
  new Command(args, { home: here.path, environment }).ended;
const lastObject = ({ stdout }: Ended): LandingReport => JSON.parse(stdout) as LandingReport;

const looseEnrollments = `DO $$ DECLARE c record; BEGIN
  FOR c IN SELECT conname FROM pg_constraint WHERE conrelid = 'courses_enrollment'::regclass AND contype = 'f'
  LOOP EXECUTE format('ALTER TABLE courses_enrollment DROP CONSTRAINT %I', c.conname); END LOOP; END $$`;

beforeAll(async () => {
  [source, target] = await Promise.all([createLegacy("learnmore"), createDatabase()]);
  // A row that has to be held back.
  await ask(source, looseEnrollments);
  await ask(source, "UPDATE courses_enrollment SET course_id = 424242 WHERE id = 3");
  await ask(source, "DELETE FROM courses_progress WHERE enrollment_id = 3");
  const args = [
    "migrate",
    "learnmore",
    ...between(),
    "--json",
    "--report",
    "out/report.json",
    "--page",
    "out/page.html",
  ];
  landed = await new Command(args, { home: here.path, launcher: true }).ended;
  report = lastObject(landed);
});

afterAll(async () => {
  await discard(source, target);
  here.remove();
});

test("with --json a move prints one object alone, with a row for every table of the source", async () => {
  expect(landed.code).toBe(0);
  expect(landed.stdout.trimEnd().split("\n")).toHaveLength(1);
  expect(report).toMatchObject({
    system: "learnmore",
    ok: true,
    files: { rows: 0, landed: 0, missing: 0, damaged: 0 },
  });
  expect(report.seconds).toBeGreaterThan(0);
  expect(report.verification.differences).toEqual([]);
  expect(report.verification.checked).toBeGreaterThan(50);
  const tables = await ask<{ name: string }>(
    source,
    "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1",
  );
  expect(report.tables.map((table) => table.source).sort()).toEqual(tables.map(({ name }) => name).sort());
  for (const { source: name, rows, landed: arrived, quarantined, dropped } of report.tables) {
    const [count] = await ask<{ rows: string }>(source, `SELECT count(*) AS rows FROM ${name}`);
    expect(rows, name).toBe(Number(count?.rows));
    expect(arrived + quarantined + dropped, name).toBe(rows);
  }
  expect(report.tables.find((table) => table.source === "courses_enrollment")?.quarantined).toBe(1);
});

test("progress goes to stderr as lines of JSON, phase by phase", () => {
  const events = landed.errors.map((line) => JSON.parse(line) as { event: string; phase?: string });
  const phases = events.filter(({ event }) => event === "phase").map(({ phase }) => phase);
  expect(phases.filter((phase) => phase === "surveying" || phase === "copying" || phase === "verifying")).toEqual([
    "surveying",
    "copying",
    "verifying",
  ]);
});

test("the report is written to the byte that its page names, and kept where the console shows it", async () => {
  const text = readFileSync(join(here.path, "out/report.json"), "utf8");
  expect(JSON.parse(text)).toEqual(report);
  const digest = createHash("sha256").update(text).digest("hex");
  expect(readFileSync(join(here.path, "out/page.html"), "utf8")).toContain(digest);
  expect(await ask(target, "SELECT sha256, ok, report FROM operations.migration_reports")).toEqual([
    { sha256: digest, ok: true, report: text },
  ]);
});

test("no password is shown or kept anywhere", () => {
  const kept = readFileSync(join(here.path, "last-target.json"), "utf8");
  const page = readFileSync(join(here.path, "out/page.html"), "utf8");
  for (const text of [landed.stdout, ...landed.errors, kept, page]) expect(text).not.toContain(source.password);
  expect(existsSync(join(here.path, "last-target.json"))).toBe(true);
});

test("a second move copies nothing and says the same; a person gets a table and a verdict", async () => {
  const again = await run(["migrate", "learnmore", ...between()]);
  expect(again.code).toBe(0);
  expect(again.stdout).toMatch(/^TABLE +ROWS +LANDED +QUARANTINED +REPAIRED +GOES TO$/m);
  expect(again.stdout).toMatch(/^courses_enrollment +1,223 +1,222 +1 +0 +learning\.enrollments$/m);
  expect(again.stdout).toContain("learnmore: verified.");
  expect(again.stdout).toContain("all of it before this run");
});

test("a move of a system whose source has other rows by now ends with 1, and says which tables and what to do", async () => {
  await ask(source, "CREATE TABLE aside AS SELECT * FROM courses_progress WHERE id = 1");
  await ask(source, "DELETE FROM courses_progress WHERE id = 1");
  try {
    const changed = await run(["migrate", "learnmore", ...between(), "--json", "--ignore", "aside"]);
    expect(changed.code).toBe(1);
    const { ok, error, tables } = lastObject(changed);
    expect(ok).toBe(false);
    const rowsOf = (name: string): number => report.tables.find((table) => table.source === name)?.rows ?? 0;
    const rows = rowsOf("courses_progress");
    expect(error).toContain(`courses_progress (${rows.toString()} rows then, ${(rows - 1).toString()} now)`);
    expect(error).toContain("--again");
    expect(error).toContain("verify");
    expect(tables.find((table) => table.source === "courses_progress")?.landed).toBe(rows);
  } finally {
    await ask(source, "INSERT INTO courses_progress SELECT * FROM aside; DROP TABLE aside");
  }
});

test("the quarantine is listed without naming the target again, with the reason of each row", async () => {
  const environment = { LANDFALL_TARGET_PASSWORD: target.password };
  const people = await run(["quarantine", "learnmore"], environment);
  expect(people.code).toBe(0);
  expect(people.stdout).toMatch(/courses_enrollment: parent-missing, 1 row\n {2}3: .*\n {6}\{"id":3,/);
  const { stdout, code } = await run(["quarantine", "learnmore", "--json"], environment);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    system: "learnmore",
    total: 1,
    rules: [{ table: "courses_enrollment", rule: "parent-missing", rows: 1 }],
    rows: [{ table: "courses_enrollment", legacyId: "3", rule: "parent-missing", row: { id: 3, course_id: 424242 } }],
  });
});

test("the status is told from the target alone", async () => {
  const { stdout, code } = await run(["status", "learnmore", "--target", urlOf(target), "--json"]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    system: "learnmore",
    state: "verified",
    phase: null,
    runner: null,
    rows: { of: 14_879 },
    verification: { failed: [] },
  });
  const people = await run(["status", "learnmore", "--target", urlOf(target)]);
  expect(people.stdout).toMatch(/^learnmore: verified \(nobody is at work\)$/m);
});

test("verify names the row and the column that differ, and ends with 1", async () => {
  await ask(
    target,
    "UPDATE accounts.users SET email = email || '.' WHERE source_system = 'learnmore' AND legacy_id = '7'",
  );
  try {
    const found = await run(["verify", "learnmore", ...between(), "--json"]);
    expect(found.code).toBe(1);
    expect(lastObject(found)).toMatchObject({
      ok: false,
      verification: {
        differences: [
          { check: "content", subject: "accounts.users", legacyId: "7", fault: "differs", columns: ["email"] },
        ],
      },
    });
  } finally {
    await ask(
      target,
      "UPDATE accounts.users SET email = rtrim(email, '.') WHERE source_system = 'learnmore' AND legacy_id = '7'",
    );
  }
  const clean = await run(["verify", "learnmore", ...between()]);
  expect(clean.code).toBe(0);
});
