import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expectedSchemaVersion, migrateSchema, schemaVersion } from "@landfall/app/schema/migrate";
import type pg from "pg";
import type { Logger } from "pino";
import { decide, type Decision } from "../engine/decision.ts";
import { land } from "../engine/landing.ts";
import { AnotherRunner, Fenced, Interrupted, Refusal, VerificationFailed } from "../engine/outcome.ts";
import { checkPlan } from "../plans/check.ts";
import { planHash } from "../plans/hash.ts";
import type { Plan } from "../plans/plan.ts";
import { plans } from "../plans/plans.ts";
import { combineReports, writeReport, type RollbackPoint, type SystemReport } from "../report.ts";
import { withStatus } from "../progress/status-writer.ts";
import type { Settings } from "../settings.ts";
import { checkSource } from "../sources/check.ts";
import { openSource, type LegacyDatabase } from "../sources/open.ts";
import { withMappable } from "../staging/mappable.ts";
import { removeStaging } from "../staging/stage.ts";
import { Connection } from "../sql/connection.ts";
import { refuseUnfit } from "../target/fitness.ts";
import { faultOfRecord, readOutcome } from "../target/outcome.ts";
import { takeRollbackPoint } from "../target/rollback-point.ts";
import { startEpoch, takeRunnerLock } from "../target/runner.ts";
import { lastRun, type Run } from "../target/runs.ts";
import { setState } from "../target/status.ts";
import { moveFiles } from "./files.ts";
import { lockPatience } from "./mappable.ts";

/** A system that is to land, with its source open. */
export interface Job {
  readonly plan: Plan;
  readonly legacy: LegacyDatabase;
}

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
  const jobs: Job[] = [];
  try {
    for (const system of settings.systems) jobs.push(await prepare(settings, system));
    const connection = await connectTarget(settings);
    try {
      await refuseUnfit(
        connection.client,
        jobs.some(({ legacy }) => legacy.kind === "staged"),
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
    await Promise.all(jobs.map(({ legacy }) => legacy.source.close()));
  }
}

/** Opens a source and sees whether its plan fits it. Throws a Refusal with everything that does not. */
export async function prepare(settings: Settings, system: string): Promise<Job> {
  const plan = plans.get(system);
  const address = settings.sources.get(system);
  if (plan === undefined || address === undefined)
    throw new Refusal("The settings are not usable", [`${system}: no plan or no source`]);
  const unsound = checkPlan(plan);
  if (unsound.length > 0) throw new Refusal(`The plan of ${system} is not sound`, unsound);
  if (address.kind !== plan.engine)
    throw new Refusal("The settings are not usable", [
      `${system}: its source is ${address.kind}; it lands from ${plan.engine}`,
    ]);
  const legacy = await openSource(plan, address);
  const faults = checkSource(plan, legacy.source.catalogue, settings.ignored);
  if (faults.length > 0) {
    await legacy.source.close();
    throw new Refusal(
      `The source of ${system} is not as its plan expects; nothing was written. Extend the plan, or let single tables and columns stay behind by --ignore (MIGRATION_IGNORE)`,
      faults,
    );
  }
  return { plan, legacy };
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

interface Landing {
  readonly jobs: readonly Job[];
  readonly control: pg.Client;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly reports: SystemReport[];
}

async function landAll(settings: Settings, landing: Landing): Promise<void> {
  const { jobs, control, log } = landing;
  const decisions: { job: Job; decision: Decision; last: Run | undefined }[] = [];
  for (const job of jobs) {
    const last = await lastRun(control, job.plan.system);
    const decision = decide(last, { planHash: planHash(job.plan), again: settings.again.has(job.plan.system) });
    decisions.push({ job, decision, last });
  }
  // The first point is taken before even the schema changes, so that it is the way back from everything.
  const first = decisions.find(({ decision }) => decision === "start");
  const points = new Map<string, RollbackPoint | null>();
  if (first !== undefined) points.set(first.job.plan.system, await protect(settings, landing, first.job.plan));
  const pointFor = async (plan: Plan): Promise<RollbackPoint | null> =>
    points.has(plan.system) ? (points.get(plan.system) ?? null) : protect(settings, landing, plan);
  await migrateHere(control, log);
  const epoch = await startEpoch(control);
  for (const { job, decision, last } of decisions) {
    const { plan } = job;
    await withStatus({ target: settings.target, plan, epoch, observer: settings.observer, log }, async (observer) => {
      const observed = { ...settings, observer };
      if (decision === "keep") {
        await keep(landing, plan);
        // A runner that was killed after it had verified has left its staging copy behind.
        if (job.legacy.kind === "staged") await removeStaging(control, plan, epoch);
        await moveFilesOf(observed, landing, plan);
        landing.reports.push(await readOutcome(control, plan, { planHash: planHash(plan), copiedNow: false }));
        return;
      }
      const rollbackPoint = decision === "start" ? await pointFor(plan) : null;
      try {
        const runner = { control, epoch, signal: landing.signal, log };
        await withMappable({ ...observed, ...runner, ...job, goDirect: true }, async (source) => {
          const resume = decision === "resume" ? last : undefined;
          await land({ ...observed, ...runner, plan, source, resume, rollbackPoint });
        });
        await moveFilesOf(observed, landing, plan);
        landing.reports.push(await readOutcome(control, plan, { planHash: planHash(plan), copiedNow: true }));
      } catch (error) {
        await tell(landing, plan, error);
        throw error;
      }
    });
  }
}

async function protect(settings: Settings, { log }: Landing, plan: Plan): Promise<RollbackPoint | null> {
  if (settings.rollbackDirectory === "") {
    log.warn("no rollback point is taken, because ROLLBACK_DIRECTORY is empty");
    return null;
  }
  settings.observer.phase(plan.system, "rollback-point");
  const point = await takeRollbackPoint(settings.target, {
    system: plan.system,
    directory: settings.rollbackDirectory,
  });
  log.info({ location: point.location, bytes: point.bytes }, "rollback point taken");
  return point;
}

/** The schema migrations lie beside the bundle; in a working tree the app's own folder is used. */
async function migrateHere(control: pg.Client, log: Logger): Promise<void> {
  const beside = fileURLToPath(new URL("schema/migrations", import.meta.url));
  const directory = existsSync(beside) ? beside : undefined;
  if ((await schemaVersion(control)) === expectedSchemaVersion(directory)) return;
  await migrateSchema(control, {
    direction: "up",
    ...(directory === undefined ? {} : { directory }),
    log: (line) => {
      log.info(line);
    },
  });
}

/** Nothing is copied for a system that has landed; its record must still stand. */
async function keep({ control, log }: Landing, plan: Plan): Promise<void> {
  const now = planHash(plan);
  const outcome = await readOutcome(control, plan, { planHash: now, copiedNow: false });
  const fault = await faultOfRecord(control, outcome);
  if (fault !== undefined) {
    throw new Error(
      `${plan.system} was verified in run ${outcome.runId ?? "?"}, but ${fault}. Restore the database, or move it anew by --again (MIGRATION_AGAIN=${plan.system}); what it landed is taken away first.`,
    );
  }
  if (outcome.planHash !== now) {
    log.warn(
      { verifiedWith: outcome.planHash, plan: now },
      `${plan.system} landed by another plan than this release's; what has landed stays as it is`,
    );
  }
  log.info({ run: outcome.runId }, `${plan.system} has landed and was verified before; nothing to copy`);
}

async function moveFilesOf(settings: Settings, landing: Landing, plan: Plan): Promise<void> {
  const run = await lastRun(landing.control, plan.system);
  if (run !== undefined) await moveFiles(settings, { ...landing, system: plan.system, runId: run.id });
}

/** Makes a failure visible on the console, where that is still this runner's business. */
async function tell(landing: Landing, plan: Plan, error: unknown): Promise<void> {
  if (error instanceof Fenced || error instanceof Refusal) return;
  const failure = error instanceof Error ? error.message : String(error);
  try {
    // Once the rows are verified they stay so, whatever happens to the files.
    const landed = (await lastRun(landing.control, plan.system))?.state === "verified";
    if (!landed && !(error instanceof VerificationFailed))
      await setState(landing.control, plan.system, { state: "failed", failure });
    const outcome = await readOutcome(landing.control, plan, { planHash: planHash(plan), copiedNow: true });
    landing.reports.push({ ...outcome, failure });
  } catch (unreachable) {
    const reason = unreachable instanceof Error ? unreachable.message : String(unreachable);
    landing.log.error(`the status of ${plan.system} could not be written: ${reason}`);
  }
  if (error instanceof Interrupted) landing.log.warn(error.message);
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
