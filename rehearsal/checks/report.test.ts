import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { renderTable, writeJson } from "./report.ts";
import { runCheck, shared, type CheckResult } from "./result.ts";

const passed: CheckResult = {
  id: "dns-ttl",
  title: "learn.example.com may be kept for 300 s",
  where: "stranger",
  passed: true,
  found: "300 s",
  wanted: "300 s",
  seconds: 0.2,
};
const failed: CheckResult = {
  id: "ports-open",
  title: "Open are those ports that the rules admit",
  where: "edge",
  passed: false,
  found: "open: 80, 443, 31337",
  wanted: "open: 80, 443",
  seconds: 6.5,
};

test("the table is aligned, and says of what failed what was found and wanted", () => {
  expect(renderTable([passed, failed])).toBe(
    [
      "        CHECK       FROM      WHAT MUST BE SO",
      "  pass  dns-ttl     stranger  learn.example.com may be kept for 300 s",
      "  FAIL  ports-open  edge      Open are those ports that the rules admit",
      "                              found   open: 80, 443, 31337",
      "                              wanted  open: 80, 443",
      "",
      "  1 of 2 checks failed.",
      "",
    ].join("\n"),
  );
});

test("the last line is the verdict, and no check at all is none that passed", () => {
  expect(renderTable([passed])).toContain("All 1 checks passed.");
  expect(renderTable([])).toContain("No check was made.");
});

test("the report as JSON has its head, the totals and every result, and leaves no other file", () => {
  const folder = mkdtempSync(join(tmpdir(), "landfall-report-"));
  try {
    const head = { stack: "staging", release: "5f2e6b0c9a41", began: new Date("2026-11-21T14:35:00Z"), seconds: 25 };
    writeJson([passed, failed], join(folder, "report.json"), head);
    expect(readdirSync(folder)).toEqual(["report.json"]);
    expect(JSON.parse(readFileSync(join(folder, "report.json"), "utf8"))).toEqual({
      ...head,
      began: "2026-11-21T14:35:00.000Z",
      totals: { passed: 1, failed: 1 },
      results: [passed, failed],
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a check that cannot be made has failed, with the reason", async () => {
  const { id, title, where, wanted } = passed;
  const make = (): Promise<never> => Promise.reject(new Error("no connection\nMore details here"));
  expect(await runCheck({ id, title, where, wanted, make })).toMatchObject({
    id,
    passed: false,
    found: "could not be made: no connection",
  });
});

test("what several checks look at is looked at once", async () => {
  let looks = 0;
  const look = shared(() => Promise.resolve((looks += 1)));
  expect(looks).toBe(0);
  expect(await Promise.all([look(), look()])).toEqual([1, 1]);
});
