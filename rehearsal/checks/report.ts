import { renameSync, writeFileSync } from "node:fs";
import type { CheckResult } from "./result.ts";

/** How many checks there were. */
export interface Totals {
  readonly passed: number;
  readonly failed: number;
  /** Sum of the checks' own times; several are made at once. */
  readonly seconds: number;
}

/** Counts results. */
export function totalsOf(results: readonly CheckResult[]): Totals {
  const passed = results.filter((result) => result.passed).length;
  const seconds = Math.round(results.reduce((sum, result) => sum + result.seconds, 0) * 10) / 10;
  return { passed, failed: results.length - passed, seconds };
}

/**
 * The results as a table for the terminal: code, verdict, vantage and sentence of each check; what was found and wanted
 * below those that failed; at the end how many there were.
 */
export function renderTable(results: readonly CheckResult[]): string {
  const width = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => text.length));
  const ids = width(["CHECK", ...results.map(({ id }) => id)]);
  const places = width(["FROM", ...results.map(({ where }) => where)]);
  const row = (verdict: string, id: string, [where, rest]: readonly [string, string]): string =>
    `  ${verdict.padEnd(4)}  ${id.padEnd(ids)}  ${where.padEnd(places)}  ${rest}`;
  const indent = " ".repeat(ids + places + 12);
  const rows = results.flatMap(({ id, title, where, passed, found, wanted }) => [
    row(passed ? "pass" : "FAIL", id, [where, title]),
    ...(passed ? [] : [`${indent}found   ${found}`, `${indent}wanted  ${wanted}`]),
  ]);
  const { passed, failed } = totalsOf(results);
  const sum =
    results.length === 0
      ? "No check was made."
      : failed === 0
        ? `All ${String(passed)} checks passed.`
        : `${String(failed)} of ${String(results.length)} checks failed.`;
  return [row("", "CHECK", ["FROM", "WHAT MUST BE SO"]), ...rows, "", `  ${sum}`, ""].join("\n");
}

/** What a report is about. */
export interface ReportHead {
  readonly stack: string;
  readonly release: string;
  /** When the checks began. */
  readonly began: Date;
  /** How long all of them took together. */
  readonly seconds: number;
}

/** Writes the results as JSON: the whole file, or none. */
export function writeJson(results: readonly CheckResult[], path: string, head: ReportHead): void {
  const { passed, failed } = totalsOf(results);
  const report = { ...head, began: head.began.toISOString(), totals: { passed, failed }, results };
  const unfinished = `${path}.${String(process.pid)}`;
  writeFileSync(unfinished, `${JSON.stringify(report, undefined, 2)}\n`);
  renameSync(unfinished, path);
}
