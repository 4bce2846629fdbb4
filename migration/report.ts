import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { SystemState } from "./target/status.ts";

export interface TableReport {
  readonly source: string;
  readonly target: string | null;
  readonly disposition: "mapped" | "folded" | "dropped";
  readonly sourceRows: number;
  readonly targetRows: number;
  readonly quarantinedRows: number;
  readonly repairedRows: number;
  /** Time that workers spent on it. */
  readonly seconds: number;
}

export interface VerificationReport {
  readonly name: string;
  readonly subject: string;
  readonly passed: boolean;
  readonly expected: string;
  readonly found: string;
  readonly detail?: unknown;
}

export interface RollbackPoint {
  readonly name: string;
  readonly location: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly walPosition: string;
}

/** What became of one system. */
export interface SystemReport {
  readonly system: string;
  readonly state: SystemState;
  readonly runId: string | null;
  readonly planHash: string;
  readonly copiedNow: boolean;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly tables: readonly TableReport[];
  readonly verification: readonly VerificationReport[];
  readonly quarantine: readonly { table: string; rule: string; rows: number }[];
  readonly repairs: readonly { table: string; rule: string; rows: number }[];
  readonly rollbackPoint: RollbackPoint | null;
  readonly failure?: string;
}

/** What the migration gate reads: the whole command's outcome, and each system's. */
export interface Report {
  readonly systems: readonly string[];
  readonly state: SystemState;
  readonly release: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly tables: readonly (TableReport & { system: string })[];
  readonly verification: readonly (VerificationReport & { system: string })[];
  readonly quarantine: readonly { system: string; table: string; rule: string; rows: number }[];
  readonly rollbackPoint: RollbackPoint | null;
  readonly details: readonly SystemReport[];
  readonly failure?: string;
}

/** Puts the systems' reports together. The whole is verified only when every system is. */
export function combineReports(
  systems: readonly string[],
  reports: readonly SystemReport[],
  of: { release: string; startedAt: Date; failure?: string },
): Report {
  const verified = systems.every((system) => reports.find((one) => one.system === system)?.state === "verified");
  const failure = of.failure ?? reports.find((one) => one.failure !== undefined)?.failure;
  const labelled = <Row>(rows: (report: SystemReport) => readonly Row[]): (Row & { system: string })[] =>
    reports.flatMap((report) => rows(report).map((row) => ({ system: report.system, ...row })));
  return {
    systems,
    state: verified && failure === undefined ? "verified" : "failed",
    release: of.release,
    startedAt: of.startedAt.toISOString(),
    finishedAt: new Date().toISOString(),
    tables: labelled(({ tables }) => tables),
    verification: labelled(({ verification }) => verification),
    quarantine: labelled(({ quarantine }) => quarantine),
    rollbackPoint: reports.findLast((report) => report.rollbackPoint !== null)?.rollbackPoint ?? null,
    details: reports,
    ...(failure === undefined ? {} : { failure }),
  };
}

/** Writes a report so that a reader finds the old one or the new one, and never half of it. */
export async function writeReport(path: string, report: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid.toString()}.unfinished`;
  await writeFile(unfinished, `${JSON.stringify(report, null, 2)}\n`);
  await rename(unfinished, path);
}
