import type { Logger } from "pino";
import { AnotherRunner } from "../engine/outcome.ts";
import { isStaged } from "../plans/columns.ts";
import { combineReports, writeReport, type SystemReport } from "../report.ts";
import type { Settings } from "../settings.ts";
import { Connection } from "../sql/connection.ts";
import { refuseUnfit } from "../target/fitness.ts";
import { takeRunnerLock } from "../target/runner.ts";
import { prepareIfThere, type Job, type UnreadableJob } from "./job.ts";
import { landAll } from "./landing.ts";
import { lockPatience } from "./mappable.ts";

/** Moves every system that the settings name, one after the other, and writes the report, whatever happens. */
export async function run(settings: Settings, log: Logger, signal: AbortSignal): Promise<void> {
  const startedAt = new Date();
  const reports: SystemReport[] = [];
  const report = (failure?: string) =>
    writeReport(
      settings.reportPath,
      combineReports(settings.systems, reports, {
        release: settings.release,
        startedAt,
        ...(failure === undefined ? {} : { failure }),
      }),
    );
  const jobs: (Job | UnreadableJob)[] = [];
  try {
    for (const system of settings.systems) jobs.push(await prepareIfThere(settings, system));
    const connection = await connectTarget(settings);
    try {
      await refuseUnfit(
        connection.client,
        jobs.some(({ plan }) => isStaged(plan)),
      );
      await takeRunnerLock(connection.client, lockPatience);
      await landAll(settings, { jobs, control: connection.client, log, signal, reports });
    } finally {
      await connection.close();
    }
    await report();
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    log.info(
      {
        peakMegabytes: Math.round(maxRSS / 1024),
        cpuSeconds: Math.round((userCPUTime + systemCPUTime) / 10_000) / 100,
      },
      "what this process took",
    );
    for (const one of reports) summarize(log, one);
  } catch (error) {
    // Another runner's report is its own to write.
    if (!(error instanceof AnotherRunner)) await report(error instanceof Error ? error.message : String(error));
    throw error;
  } finally {
    await Promise.all(jobs.flatMap((job) => ("legacy" in job ? [job.legacy.source.close()] : [])));
  }
}

async function connectTarget(settings: Settings): Promise<Connection> {
  const { host, port, database } = settings.target;
  try {
    return await Connection.open(settings.target);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The target (${host ?? ""}:${String(port)}/${database ?? ""}) cannot be reached: ${reason}`, {
      cause: error,
    });
  }
}

function summarize(log: Logger, report: SystemReport): void {
  const total = (rows: readonly number[]): number => rows.reduce((sum, count) => sum + count, 0);
  const moved = report.tables.filter(({ disposition }) => disposition === "mapped");
  log.info(
    {
      system: report.system,
      state: report.state,
      tables: moved.length,
      sourceRows: total(moved.map(({ sourceRows }) => sourceRows)),
      landed: total(moved.map(({ targetRows }) => targetRows)),
      quarantined: total(report.tables.map(({ quarantinedRows }) => quarantinedRows)),
      repaired: total(moved.map(({ repairedRows }) => repairedRows)),
      checks: report.verification.length,
      copiedNow: report.copiedNow,
    },
    `${report.system} is ${report.state}`,
  );
}
