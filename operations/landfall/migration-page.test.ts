import { globSync, readFileSync } from "node:fs";
import type { LandingReport } from "@landfall/app/console/landing-report";
import { exitCodes } from "@landfall/migration/engine/outcome";
import { expect, test } from "vitest";

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const page = read("docs/migration.md");

/** A report with everything that one can have. */
const report: Required<LandingReport> = {
  system: "dirfinal",
  ok: false,
  seconds: 1.5,
  error: "dirfinal differs",
  faults: ["one"],
  state: "failed",
  copiedNow: true,
  release: "1",
  run: "1",
  plan: "0",
  source: "",
  target: "",
  startedAt: null,
  finishedAt: null,
  tables: [
    {
      source: "user",
      target: "accounts.users",
      disposition: "mapped",
      rows: 3,
      landed: 1,
      quarantined: 1,
      repaired: 1,
      dropped: 1,
      reason: "one",
      seconds: 1,
    } satisfies Required<LandingReport["tables"][number]>,
  ],
  files: {
    rows: 1,
    landed: 0,
    missing: 1,
    damaged: 0,
    waiting: 0,
    bytes: 0,
    lost: [{ path: "a.png", state: "missing", reason: "there is no such file" }],
  },
  verification: {
    checked: 1,
    differences: [
      {
        check: "content",
        subject: "accounts.users",
        legacyId: "1",
        fault: "differs",
        columns: ["email"],
        expected: "1",
        found: "2",
      } satisfies Required<LandingReport["verification"]["differences"][number]>,
    ],
    checks: [],
  },
  repairs: [{ table: "user", rule: "email-missing", rows: 1, reason: "none" }],
  quarantine: [],
  rollbackPoint: null,
};

/** Every field of a value, by its path: `tables[].rows`. */
function fieldsOf(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return [path, ...fieldsOf(value[0], `${path}[]`)];
  if (typeof value !== "object" || value === null) return path.endsWith("[]") ? [] : [path];
  return Object.entries(value).flatMap(([name, one]) => fieldsOf(one, path === "" ? name : `${path}.${name}`));
}

test("docs/migration.md describes every field of the report", () => {
  const fields = fieldsOf(report, "");
  expect(fields).toContain("verification.differences[].legacyId");
  expect(fields.filter((field) => !page.includes(`\`${field}\``))).toEqual([]);
});

test("docs/migration.md names every variable that the container reads", () => {
  const names = new Set(read("migration/settings.ts").match(/\b(MIGRATION|MEDIA|REPORT|ROLLBACK|LOG)_[A-Z_]+\b/g));
  expect(names.size).toBeGreaterThan(8);
  expect([...names].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

test("docs/migration.md says what every exit code means", () => {
  for (const code of Object.values(exitCodes)) expect(page).toMatch(new RegExp(`^\\| ${code.toString()} +\\| `, "m"));
});

test("docs/migration.md says what to do about every refusal", () => {
  const files = globSync(["migration/**/*.ts", "operations/landfall/*.ts"], {
    cwd: new URL("../../", import.meta.url),
  });
  const beginnings = files
    .filter((path) => !path.endsWith(".test.ts"))
    .flatMap((path) => [...read(path).matchAll(/new Refusal\(\s*["`]([^"`$]+)/g)].map(([, text = ""]) => text.trim()));
  expect(beginnings.length).toBeGreaterThan(10);
  expect(beginnings.filter((text) => !page.includes(`\`${text}`))).toEqual([]);
});
