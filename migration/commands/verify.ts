import type { Logger } from "pino";
import { VerificationFailed } from "../engine/outcome.ts";
import { profileTables } from "../engine/survey.ts";
import { chooseTier } from "../engine/tier.ts";
import { verify } from "../engine/verification.ts";
import { openWorkers } from "../engine/workers.ts";
import { planHash } from "../plans/hash.ts";
import { mappedTables } from "../plans/plan.ts";
import { combineReports, writeReport, type SystemReport } from "../report.ts";
import type { Settings } from "../settings.ts";
import { Connection } from "../sql/connection.ts";
import { readTarget } from "../target/catalogue.ts";
import { readOutcome } from "../target/outcome.ts";
import { lastRun, readChunks } from "../target/runs.ts";
import { prepare } from "./run.ts";

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
  const { plan, source } = await prepare(settings, system);
  const connection = await Connection.open(settings.target);
  const snapshot = await source.snapshot();
  try {
    const run = await lastRun(connection.client, system);
    if (run === undefined)
      throw new Error(`${system} has never been moved into this target; there is nothing to verify.`);
    const targets = await readTarget(
      connection.client,
      mappedTables(plan).map(({ target }) => target),
    );
    const profiles = await profileTables({ plan, snapshot, catalogue: source.catalogue, targets });
    const tier = await chooseTier(source, connection.client, settings.hashes);
    log.info({ hashes: tier, run: run.id }, `verifying ${system}`);
    const workers = await openWorkers(snapshot, settings.target, settings.workers);
    try {
      const { results } = await verify({
        plan,
        tier,
        workers,
        control: connection.client,
        profiles,
        chunks: await readChunks(connection.client, run.id),
        trustCheckpoints: false,
      });
      const outcome = await readOutcome(connection.client, plan, { planHash: planHash(plan), copiedNow: false });
      return { ...outcome, verification: results };
    } finally {
      await Promise.all(workers.map((worker) => worker.close()));
    }
  } finally {
    await Promise.all([snapshot.close(), connection.close(), source.close()]);
  }
}
