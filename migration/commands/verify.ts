import type pg from "pg";
import type { Logger } from "pino";
import { VerificationFailed } from "../engine/outcome.ts";
import { profileTables } from "../engine/survey.ts";
import { chooseTier } from "../engine/tier.ts";
import { verify } from "../engine/verification.ts";
import { openWorkers } from "../engine/workers.ts";
import { planHash } from "../plans/hash.ts";
import { mappedTables, type Plan } from "../plans/plan.ts";
import { combineReports, writeReport, type SystemReport } from "../report.ts";
import type { Settings } from "../settings.ts";
import type { Source } from "../sources/source.ts";
import { Connection } from "../sql/connection.ts";
import { readTarget } from "../target/catalogue.ts";
import { readOutcome } from "../target/outcome.ts";
import { lastRun, readChunks, type Run } from "../target/runs.ts";
import { withMappableOnly } from "./mappable.ts";
import { prepare } from "./job.ts";

/**
 * Compares what has landed with the sources as they are now, both sides worked out anew. It changes nothing in either,
 * and says nothing about a system's state: once the platform is in use, it changes what has landed by itself.
 */
export async function verifyCommand(settings: Settings, log: Logger): Promise<void> {
  const startedAt = new Date();
  const reports: SystemReport[] = [];
  const failures: string[] = [];
  for (const system of settings.systems) {
    const report = await verifySystem(settings, system, log);
    reports.push(report);
    const failed = report.verification.filter(({ passed }) => !passed);
    for (const { name, subject, expected, found, detail } of failed)
      log.error({ system, name, subject, expected, found, detail }, "differs");
    if (failed.length > 0)
      failures.push(
        `${system} differs in ${failed.length.toString()} of ${report.verification.length.toString()} checks`,
      );
    else log.info({ system, checks: report.verification.length }, `${system} is as its source`);
  }
  const failure = failures.length > 0 ? { failure: failures.join("; ") } : {};
  await writeReport(
    settings.reportPath,
    combineReports(settings.systems, reports, { release: settings.release, startedAt, ...failure }),
  );
  if (failures.length > 0) throw new VerificationFailed(failures.join("; "));
}

async function verifySystem(settings: Settings, system: string, log: Logger): Promise<SystemReport> {
  const job = await prepare(settings, system);
  const connection = await Connection.open(settings.target);
  try {
    const run = await lastRun(connection.client, system);
    if (run === undefined)
      throw new Error(`${system} has never been moved into this target; there is nothing to verify.`);
    const of = { ...job, control: connection.client, log, run };
    return await withMappableOnly(settings, of, (source) => compare(settings, source, of));
  } finally {
    await Promise.all([connection.close(), job.legacy.source.close()]);
  }
}

async function compare(
  settings: Settings,
  source: Source,
  { plan, control, log, run }: { plan: Plan; control: pg.Client; log: Logger; run: Run },
): Promise<SystemReport> {
  const snapshot = await source.snapshot();
  try {
    const targets = await readTarget(
      control,
      mappedTables(plan).map(({ target }) => target),
    );
    const surveyed = { plan, snapshot, catalogue: source.catalogue, targets };
    const profiles = await profileTables(surveyed, settings.workers);
    const tier = await chooseTier(source, control, settings.hashes);
    log.info({ hashes: tier, run: run.id }, `verifying ${plan.system}`);
    const workers = await openWorkers(snapshot, settings.target, settings.workers);
    try {
      const chunks = await readChunks(control, run.id);
      const { results } = await verify({
        plan,
        tier,
        workers,
        control,
        target: settings.target,
        profiles,
        chunks,
        justLanded: false,
        isDirect: (table) => snapshot.isDirect(table),
      });
      const outcome = await readOutcome(control, plan, { planHash: planHash(plan), copiedNow: false });
      return { ...outcome, verification: results };
    } finally {
      await Promise.all(workers.map((worker) => worker.close()));
    }
  } finally {
    await snapshot.close();
  }
}
