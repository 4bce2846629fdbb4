import type pg from "pg";
import type { Logger } from "pino";
import { refersToItself } from "../plans/order.ts";
import { carriedTables, mappedTables, type Plan } from "../plans/plan.ts";
import { planHash } from "../plans/hash.ts";
import type { ProgressObserver } from "../progress/progress.ts";
import type { RollbackPoint } from "../report.ts";
import type { Source, SourceSnapshot } from "../sources/source.ts";
import { inTransaction } from "../sql/connection.ts";
import type { Tier } from "../sql/fingerprint.ts";
import { chunksBetween, rowsPerChunk, wholeTable } from "../sql/range.ts";
import { inTurns } from "../sql/turns.ts";
import { recordRepairs, recordResults } from "../target/outcome.ts";
import { removeSystem } from "../target/removal.ts";
import { recordRollbackPoint } from "../target/rollback-point.ts";
import { restoreSuspended, suspend } from "../target/suspension.ts";
import { checkEpoch, workerName } from "../target/runner.ts";
import { insertChunks, insertRun, readChunks, setRunState, type Run, type StoredChunk } from "../target/runs.ts";
import { planStatus, setState, settleTables } from "../target/status.ts";
import { copyChunks } from "./copy.ts";
import { VerificationFailed } from "./outcome.ts";
import { Progress } from "./progress.ts";
import { recheck } from "./recheck.ts";
import { takeSurvey, type Survey } from "./survey.ts";
import { verify, type Verification } from "./verification.ts";
import { openWorkers, type Worker } from "./workers.ts";

export interface LandingOptions {
  readonly plan: Plan;
  readonly source: Source;
  /** The connection that holds the runner's lock. */
  readonly control: pg.Client;
  readonly target: pg.ClientConfig;
  readonly epoch: string;
  /** The interrupted run to go on with; a new one starts without it. */
  readonly resume: Run | undefined;
  readonly rollbackPoint: RollbackPoint | null;
  readonly workers: number;
  readonly chunkRows: number;
  readonly release: string;
  readonly hashes: "auto" | "text";
  readonly signal: AbortSignal;
  readonly observer: ProgressObserver;
  readonly log: Logger;
}

/**
 * Moves one system and verifies the move. Throws a Refusal before anything is written, Interrupted and other errors when
 * it can go on next time, and VerificationFailed when what landed is not what was there.
 */
export async function land(options: LandingOptions): Promise<void> {
  const { plan, source, control, log } = options;
  const snapshot = await source.snapshot();
  let workers: readonly Worker[] = [];
  try {
    const survey = await takeSurvey(options, snapshot);
    const resume = options.resume?.tier === survey.tier ? options.resume : undefined;
    const opened = await openWorkers(snapshot, { ...options.target, application_name: workerName }, options.workers);
    workers = opened;
    const runId = resume?.id ?? (await startRun(options, snapshot, survey));
    if (resume !== undefined) {
      log.info({ run: runId }, "going on with a run that was interrupted");
      await recheck({ ...options, ...waysOf(snapshot, survey), runId, workers: opened, profiles: survey.profiles });
      await inTransaction(control, () =>
        setRunState(control, { id: runId, epoch: options.epoch }, { state: "copying" }),
      );
    }
    await inTransaction(control, () => layOut(options, runId, survey));
    await copyAll(options, { runId, survey, workers: opened, ...waysOf(snapshot, survey) });
    options.observer.phase(plan.system, "indexing");
    await restoreSuspended(
      opened.map(({ target }) => target),
      {
        control,
        epoch: options.epoch,
        onRestored: ({ kind, name, table }) => {
          log.debug({ table }, `${kind} ${name} is back`);
        },
      },
    );
    const targets = new Set(mappedTables(plan).map(({ target }) => target));
    await inTurns(opened, [...targets], async (worker, target) => {
      await worker.target.query(`ANALYZE ${target}`);
    });
    await inTransaction(control, () =>
      setRunState(control, { id: runId, epoch: options.epoch }, { state: "verifying" }),
    );
    await setState(control, plan.system, { state: "verifying" });
    options.observer.phase(plan.system, "verifying");
    const verification = await verify({
      plan,
      control,
      target: options.target,
      tier: survey.tier,
      isDirect: (table) => snapshot.isDirect(table),
      workers: opened,
      profiles: survey.profiles,
      chunks: await readChunks(control, runId),
      justLanded: true,
      signal: options.signal,
    });
    const failure = describeFailure(verification);
    await inTransaction(control, () => settle(options, { runId, survey, verification, failure }));
    if (failure !== undefined) throw new VerificationFailed(failure);
  } finally {
    await Promise.all([...workers.map((worker) => worker.close()), snapshot.close()]);
  }
}

/** How each table's rows travel and are compared. */
interface Ways {
  readonly tierOf: (source: string) => Tier;
  readonly isDirect: (source: string) => boolean;
}

const waysOf = (snapshot: SourceSnapshot, { tier }: Survey): Ways => ({
  isDirect: (source) => snapshot.isDirect(source),
  tierOf: (source) => (snapshot.isDirect(source) ? "text" : tier),
});

/** Takes away whatever the system has landed before, and lays out the chunks of a new run, in one transaction. */
async function startRun(options: LandingOptions, snapshot: SourceSnapshot, survey: Survey): Promise<string> {
  const { plan, control, epoch } = options;
  const chunks = new Map<string, ReturnType<typeof chunksBetween>>();
  for (const table of carriedTables(plan)) {
    const profile = survey.profiles.get(table.source);
    // The foreign key to a row of the same table is looked at when a chunk ends, so all of them have to be in one.
    if (table.disposition === "folded" || profile === undefined || refersToItself(table)) {
      chunks.set(table.source, [wholeTable]);
      continue;
    }
    const perChunk = rowsPerChunk(options.chunkRows, profile);
    chunks.set(table.source, chunksBetween(await snapshot.boundaries(table, { rows: profile.rows, perChunk })));
  }
  return inTransaction(control, async () => {
    await checkEpoch(control, epoch);
    await removeSystem(control, plan);
    const direct = mappedTables(plan).filter(({ source }) => snapshot.isDirect(source));
    await suspend(control, rowsToCome(plan, survey), new Set(direct.map(({ target }) => target)));
    const runId = await insertRun(control, {
      ...options,
      system: plan.system,
      planHash: planHash(plan),
      tier: survey.tier,
    });
    for (const [table, parts] of chunks) await insertChunks(control, { runId, source: table }, parts);
    if (options.rollbackPoint !== null) {
      await recordRollbackPoint(control, options.rollbackPoint, { system: plan.system, runId });
    }
    return runId;
  });
}

/** Rows that will land in each table of the target. */
function rowsToCome(plan: Plan, { profiles }: Survey): Map<string, number> {
  const rows = new Map<string, number>();
  for (const { source, target } of mappedTables(plan)) {
    const profile = profiles.get(source);
    rows.set(target, (rows.get(target) ?? 0) + (profile?.rows ?? 0) - (profile?.rejected ?? 0));
  }
  return rows;
}

async function layOut({ plan, control, epoch }: LandingOptions, runId: string, survey: Survey): Promise<void> {
  await checkEpoch(control, epoch);
  const forecasts = new Map(
    [...survey.counts].map(([source, rows]) => [
      source,
      { rows, repaired: survey.profiles.get(source)?.repaired ?? 0 },
    ]),
  );
  await planStatus(control, plan, { runId, forecasts });
  await recordRepairs(control, runId, survey.profiles);
}

async function copyAll(
  options: LandingOptions,
  of: Ways & { runId: string; survey: Survey; workers: readonly Worker[] },
): Promise<void> {
  const { plan, control, log } = options;
  const tables = new Map(carriedTables(plan).map((table) => [table.source, table]));
  const chunks = await readChunks(control, of.runId);
  const tasks = chunks
    .filter(({ copied }) => !copied)
    .flatMap((chunk: StoredChunk) => {
      const table = tables.get(chunk.source);
      return table === undefined ? [] : [{ table, chunk }];
    });
  await setState(control, plan.system, { state: "copying" });
  options.observer.phase(plan.system, "copying");
  const mapped = new Set(mappedTables(plan).map(({ source }) => source));
  const profiles = new Map([...of.survey.profiles].filter(([source]) => mapped.has(source)));
  const progress = new Progress({ ...options, system: plan.system, runId: of.runId, profiles, chunks });
  const held = new Set([...of.survey.profiles].filter(([, { rejected }]) => rejected > 0).map(([source]) => source));
  log.info({ chunks: tasks.length, of: chunks.length, workers: of.workers.length }, `copying ${plan.system}`);
  try {
    await copyChunks(of.workers, tasks, {
      plan,
      runId: of.runId,
      epoch: options.epoch,
      tierOf: of.tierOf,
      isDirect: of.isDirect,
      binary: of.survey.binary,
      held,
      signal: options.signal,
      onChunk: (task, result) => progress.add(task, result),
    });
  } finally {
    await progress.finish();
  }
}

async function settle(
  options: LandingOptions,
  of: { runId: string; survey: Survey; verification: Verification; failure: string | undefined },
): Promise<void> {
  const { plan, control, epoch } = options;
  const { results, landed } = of.verification;
  const state = of.failure === undefined ? "verified" : "failed";
  const outcome = { state, ...(of.failure === undefined ? {} : { failure: of.failure }) } as const;
  await recordResults(control, { system: plan.system, runId: of.runId }, results);
  const failed = new Set(
    results.filter(({ passed }) => !passed).map(({ subject }) => subject.replace(/^(\w+\.\w+)[. ].*/, "$1")),
  );
  await settleTables(
    control,
    plan.system,
    plan.tables.map((table) => ({
      source: table.source,
      targetRows: landed.get(table.source) ?? 0,
      passed: !failed.has(table.source) && !(table.disposition === "mapped" && failed.has(table.target)),
    })),
  );
  await setRunState(control, { id: of.runId, epoch }, outcome);
  await setState(control, plan.system, outcome);
}

function describeFailure({ results }: Verification): string | undefined {
  const failed = results.filter(({ passed }) => !passed);
  if (failed.length === 0) return undefined;
  const list = failed.map(
    ({ name, subject, expected, found }) => `${name} of ${subject} (expected ${expected}, found ${found})`,
  );
  return `The verification failed in ${failed.length.toString()} of ${results.length.toString()} checks: ${list.join("; ")}. Nothing of this run is trusted: the next one starts over.`;
}
