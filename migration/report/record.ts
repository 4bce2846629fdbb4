import type { KeptReport, LandedFiles, LandingReport, RuleFigures } from "@landfall/app/console/landing-report";
import type pg from "pg";
import { noFiles, readFiles } from "./lost-files.ts";

/** What the target knows besides the engine's own report: the quarantine with its reasons, and the files. */
export async function readParticulars(
  client: pg.Client,
  system: string,
): Promise<{ quarantine: RuleFigures[]; files: LandedFiles }> {
  const known = await client.query<{ known: boolean }>(
    "SELECT to_regclass('operations.quarantine') IS NOT NULL AS known",
  );
  if (known.rows[0]?.known !== true) return { quarantine: [], files: noFiles };
  const rules = await client.query<{ table: string; rule: string; rows: string; reason: string }>(
    `SELECT source_table AS table, rule, count(*) AS rows, min(reason) AS reason
     FROM operations.quarantine WHERE system = $1 GROUP BY 1, 2 ORDER BY 1, 2`,
    [system],
  );
  return {
    quarantine: rules.rows.map((row) => ({ ...row, rows: Number(row.rows) })),
    files: await readFiles(client, system),
  };
}

/** Keeps a report in the target, where the console shows it; a target without a place for it keeps none. */
export async function recordReport(client: pg.Client, report: LandingReport, kept: KeptReport): Promise<void> {
  const known = await client.query<{ known: boolean }>(
    "SELECT to_regclass('operations.migration_reports') IS NOT NULL AS known",
  );
  if (known.rows[0]?.known !== true) return;
  await client.query(
    "INSERT INTO operations.migration_reports (system, run_id, ok, sha256, report) VALUES ($1, $2, $3, $4, $5)",
    [report.system, report.run, report.ok, kept.sha256, kept.text],
  );
}
