import { z } from "zod";

/** The part of the migration's report that the gate reads; the migration package writes it. */
const reportSchema = z.object({
  systems: z.array(z.string()),
  state: z.string(),
  startedAt: z.iso.datetime(),
  failure: z
    .string()
    .nullish()
    .transform((failure) => failure ?? undefined),
  tables: z.array(
    z.object({
      system: z.string(),
      source: z.string(),
      disposition: z.enum(["mapped", "folded", "dropped"]),
      sourceRows: z.number(),
      targetRows: z.number(),
      quarantinedRows: z.number(),
    }),
  ),
  verification: z.array(z.object({ system: z.string(), name: z.string(), subject: z.string(), passed: z.boolean() })),
});

/** A migration's report as the gate reads it. */
export type MigrationReport = z.infer<typeof reportSchema>;

/** What became of one system, in numbers of rows and of checks that passed. */
export interface LandedSystem {
  readonly system: string;
  readonly sourceRows: number;
  readonly targetRows: number;
  readonly quarantinedRows: number;
  readonly verificationsPassed: number;
}

/** What became of each system of a report; rows are those of its mapped tables. */
export function landedSystems({ systems, tables, verification }: MigrationReport): LandedSystem[] {
  return systems.map((system) => {
    const mapped = tables.filter((table) => table.system === system && table.disposition === "mapped");
    const sum = (count: (table: (typeof mapped)[number]) => number): number =>
      mapped.reduce((total, table) => total + count(table), 0);
    return {
      system,
      sourceRows: sum(({ sourceRows }) => sourceRows),
      targetRows: sum(({ targetRows }) => targetRows),
      quarantinedRows: sum(({ quarantinedRows }) => quarantinedRows),
      verificationsPassed: verification.filter((check) => check.system === system && check.passed).length,
    };
  });
}

/** The report of a text; undefined when there is none, or when it is an older run's. */
export function readReport(text: string | undefined, runStartedAt: Date): MigrationReport | undefined {
  if (text === undefined) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const report = reportSchema.safeParse(json).data;
  return report !== undefined && new Date(report.startedAt) >= runStartedAt ? report : undefined;
}

/**
 * Why a report does not open the gate: no report, a system that is not verified, a verification that failed or is
 * absent, rows that are neither in the target nor in quarantine.
 *
 * @returns one sentence a fault; none means that the gate opens
 */
export function reportFaults(report: MigrationReport | undefined, systems: readonly string[]): string[] {
  if (report === undefined) return ["it left no report of this run that can be read"];
  const faults: string[] = [];
  for (const system of systems) {
    if (!report.systems.includes(system)) faults.push(`its report does not speak of ${system}`);
  }
  if (report.state !== "verified") faults.push(`its report says '${report.state}', not 'verified'`);
  if (systems.length > 0 && report.verification.length === 0) faults.push("its report shows no verification");
  for (const { name, subject, passed } of report.verification) {
    if (!passed) faults.push(`verification '${name}' of ${subject} failed`);
  }
  for (const { source, disposition, sourceRows, targetRows, quarantinedRows } of report.tables) {
    if (disposition === "mapped" && sourceRows !== targetRows + quarantinedRows) {
      faults.push(
        `${source} has ${String(sourceRows)} rows, but ${String(targetRows)} in the target and ` +
          `${String(quarantinedRows)} in quarantine`,
      );
    }
  }
  return faults;
}
