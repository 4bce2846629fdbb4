import type pg from "pg";
import type { Logger } from "pino";
import { decide, type Decision } from "../engine/decision.ts";
import { land } from "../engine/landing.ts";
import { Fenced, Interrupted, Refusal, VerificationFailed } from "../engine/outcome.ts";
import { planHash } from "../plans/hash.ts";
import type { Plan } from "../plans/plan.ts";
import { withStatus } from "../progress/status-writer.ts";
import type { RollbackPoint, SystemReport } from "../report.ts";
import type { Settings } from "../settings.ts";
import { withMappable } from "../staging/mappable.ts";
import { removeStaging } from "../staging/stage.ts";
import { readOutcome } from "../target/outcome.ts";
import { startEpoch } from "../target/runner.ts";
import { lastRun, type Run } from "../target/runs.ts";
import { setState } from "../target/status.ts";
import { moveFiles } from "./files.ts";
import type { Job } from "./job.ts";
import { keep } from "./landed.ts";
import { protect } from "./protection.ts";
import { migrateHere } from "./schema.ts";

/** The systems of one run, and what they land with. */
export interface Landing {
  readonly jobs: readonly Job[];
  readonly control: pg.Client;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** What became of each system is added here, also of one that failed. */
  readonly reports: SystemReport[];
}

/** Lands the systems one after the other, those that have landed before excepted. Throws what the first failure throws. */
export async function landAll(settings: Settings, landing: Landing): Promise<void> {
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
  if (first !== undefined) points.set(first.job.plan.system, await protect(settings, log, first.job.plan.system));
  const pointFor = async (plan: Plan): Promise<RollbackPoint | null> =>
    points.has(plan.system) ? (points.get(plan.system) ?? null) : protect(settings, log, plan.system);
  await migrateHere(control, log);
  const epoch = await startEpoch(control);
  for (const { job, decision, last } of decisions) {
    const { plan } = job;
    await withStatus({ target: settings.target, plan, epoch, observer: settings.observer, log }, async (observer) => {
      const observed = { ...settings, observer };
      if (decision === "keep") {
        await keep(plan, landing);
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
