import { readFile } from "node:fs/promises";
import type pg from "pg";
import type { Logger } from "pino";
import { AnotherRunner, Refusal } from "../engine/outcome.ts";
import { plans } from "../plans/plans.ts";
import type { Report, SystemReport } from "../report.ts";
import type { Settings } from "../settings.ts";
import { placeOf } from "../sources/open.ts";
import { Connection } from "../sql/connection.ts";
import { keep, landingReport } from "./landing-report.ts";
import { readParticulars, recordReport } from "./record.ts";

/**
 * Keeps in the target what a run has written into its report, system by system, where the console shows it. `failure` is
 * what the run has ended with. A record that cannot be kept is told, and changes nothing of how the run has ended.
 */
export async function recordRun(settings: Settings, log: Logger, failure?: unknown): Promise<void> {
  // Nothing was begun, or the report is another runner's.
  if (failure instanceof Refusal || failure instanceof AnotherRunner) return;
  try {
    const report = JSON.parse(await readFile(settings.reportPath, "utf8")) as Report;
    const seconds = (Date.parse(report.finishedAt) - Date.parse(report.startedAt)) / 1000;
    const connection = await Connection.open(settings.target);
    try {
      for (const outcome of report.details) await record(connection.client, settings, { outcome, seconds, failure });
    } finally {
      await connection.close();
    }
  } catch (error) {
    log.warn(`the record of this run is not kept: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function record(
  client: pg.Client,
  settings: Settings,
  of: { outcome: SystemReport; seconds: number; failure: unknown },
): Promise<void> {
  const { outcome, failure } = of;
  const { system } = outcome;
  const [plan, source] = [plans.get(system), settings.sources.get(system)];
  if (plan === undefined) return;
  const { host, port, database } = settings.target;
  // The run has ended at its first failure; what was verified before that stands.
  const failed = failure !== undefined && outcome.state !== "verified";
  const report = landingReport({
    plan,
    outcome,
    ...(await readParticulars(client, system)),
    seconds: of.seconds,
    release: settings.release,
    source: source === undefined ? "" : placeOf(source),
    target: `${host ?? ""}:${String(port ?? "")}/${database ?? ""}`,
    ...(failed ? { error: failure instanceof Error ? failure.message : JSON.stringify(failure) } : {}),
  });
  await recordReport(client, report, keep(report));
}
