import type { Database } from "../database/database.ts";
import type { KeptReport, LandingReport } from "./landing-report.ts";

/** A report that is kept, with when it was made. */
export interface FoundReport extends KeptReport {
  readonly at: Date;
  readonly report: LandingReport;
}

/** The last report of a system's landing, or undefined where none was ever made. One query. */
export async function lastReport(database: Database, system: string): Promise<FoundReport | undefined> {
  const row = await database
    .selectFrom("operations.migration_reports")
    .select(["at", "sha256", "report"])
    .where("system", "=", system)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  // Written by the engine of this release or an earlier one, from this very type.
  const report = JSON.parse(row.report) as LandingReport;
  return { at: row.at, sha256: row.sha256, text: row.report, report };
}
