import { rules } from "@landfall/infra/policy/catalogue";
import type { Result } from "@landfall/infra/policy/evaluate";
import { expect, test } from "vitest";
import { checkAsJson, mayBeMade, renderCheck } from "./check-report.ts";

const rule = (id: string) => rules.find((one) => one.id === id) ?? expect.unreachable();
const urn = "urn:pulumi:staging::landfall::docker:index/container:Container::staging-g1-app";
const fine = { asked: 3, violations: [], waived: [], open: [] };
const violation = { urn, message: "is privileged" };
const waiver = { rule: "D8", urn: "*-app", owner: "operations", reason: "until it is rebuilt", expires: "2026-12-31" };

const broken: Result = { ...fine, rule: rule("D2"), level: "mandatory", status: "violated", violations: [violation] };
const results: Result[] = [
  { ...fine, rule: rule("D1"), level: "mandatory", status: "passed" },
  broken,
  {
    ...fine,
    rule: rule("D5"),
    level: "mandatory",
    status: "not evaluated",
    open: [{ urn, reason: "image is a secret" }],
  },
  { ...fine, rule: rule("D8"), level: "mandatory", status: "waived", waived: [{ violation, waiver }] },
  { ...fine, rule: rule("L1"), level: "mandatory", status: "not applicable", asked: 0 },
  { ...broken, rule: rule("S2"), level: "advisory" },
];

test("only a mandatory rule that is broken stops a change", () => {
  expect(mayBeMade(results)).toBe(false);
  expect(mayBeMade(results.filter((result) => result !== broken))).toBe(true);
});

test("the report has every rule, what is wrong with what, why, and what to do", () => {
  const text = renderCheck({ environment: "staging", results });
  const verdicts = text
    .split("\n")
    .flatMap((line) => /^ {2}([A-Z]\d+) +(\S.*?) {2,}/.exec(line)?.slice(1, 3).join(" ") ?? []);
  expect(verdicts).toEqual([
    "D1 passed",
    "D2 BROKEN (1)",
    "D5 not evaluated (1 of 3)",
    "D8 waived",
    "L1 not applicable",
    "S2 advice (1)",
  ]);
  expect(text).toContain(
    [
      `  D2 is broken: ${rule("D2").title}`,
      "    staging-g1-app is privileged.",
      `      ${urn}`,
      `    why:  ${rule("D2").why}`,
      `    fix:  ${rule("D2").fix}`,
    ].join("\n"),
  );
  expect(text).toContain("      operations, until 2026-12-31: until it is rebuilt");
  expect(text).toContain("    staging-g1-app: image is a secret.");
  expect(text).toMatch(
    /must not be made: it breaks 1 mandatory rule\. Of 6 rules: 1 passed, 1 not applicable, 1 waived, 1 with advice, 1 not evaluated/,
  );
});

test("the report for a machine says the same", () => {
  const report: unknown = JSON.parse(checkAsJson({ environment: "staging", results }));
  expect(report).toMatchObject({
    environment: "staging",
    mayBeMade: false,
    totals: { passed: 1, violated: 2, "not evaluated": 1, waived: 1, "not applicable": 1 },
  });
  expect(report).toHaveProperty("rules.1", {
    id: "D2",
    title: rule("D2").title,
    level: "mandatory",
    status: "violated",
    asked: 3,
    violations: [violation],
    waived: [],
    notEvaluated: [],
    why: rule("D2").why,
    fix: rule("D2").fix,
    sources: rule("D2").sources,
  });
  expect(report).toHaveProperty("rules.3.waived", [{ ...violation, waiver }]);
});
