import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { combineReports, writeReport, type SystemReport } from "./report.ts";

const report = (system: string, state: SystemReport["state"]): SystemReport => ({
  system,
  state,
  runId: "1",
  planHash: "a",
  copiedNow: true,
  startedAt: null,
  finishedAt: null,
  tables: [],
  verification: [{ name: "content", subject: "x", passed: state === "verified", expected: "1", found: "1" }],
  quarantine: [],
  repairs: [],
  rollbackPoint: null,
});
const of = { release: "r", startedAt: new Date(0) };

test("the whole is verified only when every system is", () => {
  expect(combineReports(["a"], [report("a", "verified")], of).state).toBe("verified");
  expect(combineReports(["a", "b"], [report("a", "verified"), report("b", "failed")], of).state).toBe("failed");
  expect(combineReports(["a", "b"], [report("a", "verified")], of).state).toBe("failed");
  expect(combineReports(["a"], [report("a", "verified")], { ...of, failure: "the lock was lost" }).state).toBe(
    "failed",
  );
});

test("rows of the systems' reports say whose they are", () => {
  const whole = combineReports(["a", "b"], [report("a", "verified"), report("b", "verified")], of);
  expect(whole.verification.map(({ system }) => system)).toEqual(["a", "b"]);
});

test("a report is written whole, its folder made, and nothing is left beside it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "landfall-report-"));
  try {
    const path = join(folder, "deep", "report.json");
    await writeReport(path, { a: 1 });
    await writeReport(path, { a: 2 });
    expect(JSON.parse(await readFile(path, "utf8"))).toEqual({ a: 2 });
    expect(await readdir(join(folder, "deep"))).toEqual(["report.json"]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
