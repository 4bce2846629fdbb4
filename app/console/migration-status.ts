import { sql } from "kysely";
import type { Database } from "../database/database.ts";
import type { MigrationState } from "../database/tables.ts";

/** How far the migration of one legacy system is. */
export interface SystemStatus {
  readonly system: string;
  readonly title: string;
  /** Undefined where no migration was ever planned; the figures are 0 then. */
  readonly state: MigrationState | undefined;
  readonly run: number | undefined;
  readonly startedAt: Date | undefined;
  readonly finishedAt: Date | undefined;
  readonly updatedAt: Date | undefined;
  readonly rowsTotal: number;
  readonly rowsCopied: number;
  readonly rowsQuarantined: number;
  readonly bytesCopied: number;
  readonly rowsPerSecond: number | undefined;
  readonly secondsLeft: number | undefined;
  readonly failure: string | undefined;
  /** What a runner is busy with, or was when it was killed; undefined while nothing runs. */
  readonly phase: string | undefined;
  readonly filesTotal: number;
  readonly filesDone: number;
  readonly filesMissing: number;
  readonly filesDamaged: number;
  readonly fileBytesDone: number;
}

/** The status of every legacy system, or of one. One query. */
export async function migrationStatus(database: Database, system?: string): Promise<SystemStatus[]> {
  const rows = await database
    .selectFrom("provenance.systems as s")
    .leftJoin("operations.migration_status as m", "m.system", "s.name")
    .selectAll("m")
    .select(["s.name", "s.title"])
    .$if(system !== undefined, (query) => query.where("s.name", "=", system ?? ""))
    .orderBy("s.title")
    .execute();
  return rows.map((row) => ({
    system: row.name,
    title: row.title,
    state: row.state ?? undefined,
    run: row.run_id ?? undefined,
    startedAt: row.started_at ?? undefined,
    finishedAt: row.finished_at ?? undefined,
    updatedAt: row.updated_at ?? undefined,
    rowsTotal: row.rows_total ?? 0,
    rowsCopied: row.rows_copied ?? 0,
    rowsQuarantined: row.rows_quarantined ?? 0,
    bytesCopied: row.bytes_copied ?? 0,
    rowsPerSecond: row.rows_per_second ?? undefined,
    secondsLeft: row.seconds_left ?? undefined,
    failure: row.failure ?? undefined,
    phase: row.phase ?? undefined,
    filesTotal: row.files_total ?? 0,
    filesDone: row.files_done ?? 0,
    filesMissing: row.files_missing ?? 0,
    filesDamaged: row.files_damaged ?? 0,
    fileBytesDone: row.file_bytes_done ?? 0,
  }));
}

/** One legacy table of a system. */
export interface TableStatus {
  readonly table: string;
  readonly disposition: "mapped" | "folded" | "dropped";
  readonly target: string | undefined;
  readonly reason: string | undefined;
  readonly sourceRows: number;
  readonly targetRows: number;
  readonly quarantinedRows: number;
  readonly repairedRows: number;
  readonly bytes: number;
  readonly state: "waiting" | "copying" | "copied" | "verified" | "differs";
  /** What is done with it at the moment, and how far that is. */
  readonly phase: string | undefined;
  readonly phaseRowsTotal: number;
  readonly phaseRowsDone: number;
  readonly rowsPerSecond: number | undefined;
  readonly secondsLeft: number | undefined;
}

/** The tables of a system by name. One query. */
export async function tableStatus(database: Database, system: string): Promise<TableStatus[]> {
  const rows = await database
    .selectFrom("operations.migration_tables")
    .selectAll()
    .where("system", "=", system)
    .orderBy("source_table")
    .execute();
  return rows.map((row) => ({
    table: row.source_table,
    disposition: row.disposition,
    target: row.target_table ?? undefined,
    reason: row.reason ?? undefined,
    sourceRows: row.source_rows,
    targetRows: row.target_rows,
    quarantinedRows: row.quarantined_rows,
    repairedRows: row.repaired_rows,
    bytes: row.bytes,
    state: row.state,
    phase: row.phase ?? undefined,
    phaseRowsTotal: row.phase_rows_total,
    phaseRowsDone: row.phase_rows_done,
    rowsPerSecond: row.rows_per_second ?? undefined,
    secondsLeft: row.seconds_left ?? undefined,
  }));
}

/** One thing that was verified. */
export interface VerificationResult {
  readonly name: string;
  readonly subject: string;
  readonly passed: boolean;
  readonly expected: string;
  readonly found: string;
  readonly at: Date;
}

/** The results of a system's last verified run, failures first. One query. */
export async function verificationResults(database: Database, system: string): Promise<VerificationResult[]> {
  return database
    .selectFrom("operations.verification_results")
    .select(["name", "subject", "passed", "expected", "found", "at"])
    .where("system", "=", system)
    .where("run_id", "=", (query) =>
      query
        .selectFrom("operations.verification_results")
        .select(sql<number>`max(run_id)`.as("run"))
        .where("system", "=", system),
    )
    .orderBy("passed")
    .orderBy("name")
    .orderBy("subject")
    .execute();
}

/** A copy of the target that a migration can be taken back to. */
export interface RollbackPoint {
  readonly name: string;
  readonly run: number;
  readonly takenAt: Date;
  readonly location: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly walPosition: string;
}

/** The rollback points of a system, newest first. One query. */
export async function rollbackPoints(database: Database, system: string): Promise<RollbackPoint[]> {
  const rows = await database
    .selectFrom("operations.rollback_points")
    .selectAll()
    .where("system", "=", system)
    .orderBy("taken_at", "desc")
    .limit(100)
    .execute();
  return rows.map((row) => ({
    name: row.name,
    run: row.run_id,
    takenAt: row.taken_at,
    location: row.location,
    bytes: row.bytes,
    sha256: row.sha256,
    walPosition: row.wal_position,
  }));
}
