import type pg from "pg";
import type { Logger } from "pino";
import { decide } from "../engine/decision.ts";
import { land } from "../engine/landing.ts";
import { Fenced, Interrupted, Refusal, VerificationFailed } from "../engine/outcome.ts";
import { isStaged } from "../plans/columns.ts";
import { planHash } from "../plans/hash.ts";
import type { Plan } from "../plans/plan.ts";
import { withStatus } from "../progress/status-writer.ts";
import type { RollbackPoint, SystemReport } from "../report.ts";
import type { Settings } from "../settings.ts";
import { withMappable } from "../staging/mappable.ts";
import { removeStaging } from "../staging/stage.ts";
import { forgetWaiting } from "../rollback/waiting.ts";
import { readOutcome } from "../target/outcome.ts";
import { rollbackPointOf } from "../target/rollback-point.ts";
import { startEpoch } from "../target/runner.ts";
import { lastRun, type Run } from "../target/runs.ts";
import { setState } from "../target/status.ts";
import { moveFiles } from "./files.ts";
import { compareSource } from "./changed-source.ts";
import type { Job, UnreadableJob } from "./job.ts";
import { keep } from "./landed.ts";
import { countLeftBehind, noteLeftBehind } from "./left-behind.ts";
import { migrateBehind, protect } from "./protection.ts";

/** The systems of one run, and what they land with. */
export interface Landing {
  readonly jobs: readonly (Job | UnreadableJob)[];
  readonly control: pg.Client;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** What became of each system is added here, also of one that failed. */
  readonly reports: SystemReport[];
}

/** What is to be done with a system: to leave it as it landed, or to land it, from nothing or from where a run stopped. */
type Task =
  | { readonly decision: "keep"; readonly job: Job | UnreadableJob }
  | { readonly decision: "resume" | "start"; readonly job: Job; readonly last: Run | undefined };

/** Lands the systems one after the other, those that have landed before excepted. Throws what the first failure throws. */
export async function landAll(settings: Settings, landing: Landing): Promise<void> {
  const { control, log } = landing;
  const tasks: Task[] = [];
  for (const job of landing.jobs) tasks.push(await taskFor(settings, control, job));
  // The first point is taken before even the schema changes, so that it is the way back from everything.
  const first = tasks.find(({ decision }) => decision === "start");
  const points = new Map<string, RollbackPoint | null>();
  const point = first === undefined ? null : await protect(settings, landing, first.job.plan.system);
  if (first !== undefined) points.set(first.job.plan.system, point);
  await migrateBehind(settings, landing, point);
  const epoch = await startEpoch(control);
  for (const task of tasks) {
    const { plan } = task.job;
    const { system } = plan;
    await withStatus({ target: settings.target, plan, epoch, observer: settings.observer, log }, async (observer) => {
      const observed = { ...settings, observer };
      if (task.decision === "keep") {
        await leave(observed, { ...landing, epoch }, task.job);
        return;
      }
      const protectIt = async (): Promise<RollbackPoint | null> =>
        points.has(system) ? (points.get(system) ?? null) : protect(settings, landing, system);
      // An interrupted run that cannot be gone on with makes room for another; what there was before it, its point has.
      const rollbackPoint =
        task.decision === "start" || task.last === undefined
          ? await protectIt()
          : await rollbackPointOf(control, task.last.id);
      await carry(observed, { ...landing, epoch }, { ...task, rollbackPoint });
    });
  }
}

async function taskFor(settings: Settings, control: pg.Client, job: Job | UnreadableJob): Promise<Task> {
  const { plan } = job;
  const last = await lastRun(control, plan.system);
  const decision = decide(last, { planHash: planHash(plan), again: settings.again.has(plan.system) });
  if (decision === "keep") return { decision, job };
  if ("failure" in job) throw job.failure;
  return { decision, job, last };
}

type Runner = Landing & { readonly epoch: string };

/** Sees that a system that has landed still stands, moves files that wait, and says where its source has changed. */
async function leave(settings: Settings, runner: Runner, job: Job | UnreadableJob): Promise<void> {
  const { plan } = job;
  const { control } = runner;
  await keep(plan, runner);
  // A runner that was killed after it had verified has left its staging copy behind.
  if (isStaged(plan)) await removeStaging(control, plan, runner.epoch);
  await moveFilesOf(settings, runner, plan);
  runner.reports.push(await readOutcome(control, plan, { planHash: planHash(plan), copiedNow: false }));
  await compareSource(settings, runner, job);
}

async function carry(
  settings: Settings,
  runner: Runner,
  of: { decision: "resume" | "start"; job: Job; last: Run | undefined; rollbackPoint: RollbackPoint | null },
): Promise<void> {
  const { job, rollbackPoint } = of;
  const { plan } = job;
  const { control, epoch, signal, log } = runner;
  const options = { ...settings, control, epoch, signal, log };
  try {
    const behind = await countLeftBehind(job);
    await withMappable({ ...options, ...job, goDirect: true }, async (source) => {
      const resume = of.decision === "resume" ? of.last : undefined;
      await land({ ...options, plan, source, resume, rollbackPoint });
    });
    if (rollbackPoint !== null) await forgetWaiting(control, settings.rollbackDirectory, rollbackPoint.name);
    await noteLeftBehind(runner, plan.system, behind);
    await moveFilesOf(settings, runner, plan);
    runner.reports.push(await readOutcome(control, plan, { planHash: planHash(plan), copiedNow: true }));
  } catch (error) {
    await tell(runner, plan, error);
    throw error;
  }
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
