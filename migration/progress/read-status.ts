import type { LandedFiles, LandingCheck } from "@landfall/app/console/landing-report";
import type pg from "pg";
import { readFiles } from "../report/lost-files.ts";
import type { SystemState } from "../target/status.ts";
import type { Phase } from "./progress.ts";

/** How far a legacy table is. */
export interface TableStatus {
  readonly source: string;
  readonly target: string | null;
  readonly disposition: "mapped" | "folded" | "dropped";
  readonly state: "waiting" | "copying" | "copied" | "verified" | "differs";
  readonly rows: number;
  readonly landed: number;
  readonly quarantined: number;
  readonly repaired: number;
  readonly bytes: number;
  /** What is done with it at the moment, and how far that is; null while nothing is. */
  readonly phase: Phase | null;
  readonly phaseRows: number;
  readonly phaseOf: number;
  readonly rowsPerSecond: number | null;
  readonly secondsLeft: number | null;
}

/** How far the move of a system is, as the target knows it. */
export interface MigrationStatus {
  readonly system: string;
  readonly state: SystemState;
  readonly phase: Phase | null;
  /** Who is at work on the target, by what its connection says of itself; null when nobody is. */
  readonly runner: string | null;
  readonly run: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly updatedAt: string | null;
  readonly rows: { readonly of: number; readonly landed: number; readonly quarantined: number };
  readonly bytes: number;
  readonly rowsPerSecond: number | null;
  readonly secondsLeft: number | null;
  readonly failure: string | null;
  readonly tables: readonly TableStatus[];
  readonly transfer: { readonly files: number; readonly of: number; readonly bytes: number; readonly ofBytes: number };
  readonly files: LandedFiles;
  readonly verification: { readonly checked: number; readonly failed: readonly LandingCheck[] };
  readonly rollbackPoints: readonly {
    readonly name: string;
    readonly takenAt: string;
    readonly location: string;
    readonly bytes: number;
    readonly sha256: string;
  }[];
}

interface SystemRow {
  state: SystemState;
  phase: Phase | null;
  run: string | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  updatedAt: Date | null;
  rowsTotal: string;
  rowsCopied: string;
  rowsQuarantined: string;
  bytes: string;
  rowsPerSecond: number | null;
  secondsLeft: number | null;
  failure: string | null;
  filesDone: string;
  filesTotal: string;
  fileBytesDone: string;
  fileBytesTotal: string;
}

/** Reads how far a system is; undefined where the target has never heard of it. */
export async function readStatus(client: pg.Client, system: string): Promise<MigrationStatus | undefined> {
  const known = await client.query<{ known: boolean }>(
    "SELECT to_regclass('operations.migration_reports') IS NOT NULL AS known",
  );
  if (known.rows[0]?.known !== true) return undefined;
  const found = await client.query<SystemRow>(
    `SELECT state, phase, run_id::text AS run, started_at AS "startedAt", finished_at AS "finishedAt", updated_at AS "updatedAt",
       rows_total AS "rowsTotal", rows_copied AS "rowsCopied", rows_quarantined AS "rowsQuarantined", bytes_copied AS bytes,
       rows_per_second AS "rowsPerSecond", seconds_left AS "secondsLeft", failure, files_done AS "filesDone",
       files_total AS "filesTotal", file_bytes_done AS "fileBytesDone", file_bytes_total AS "fileBytesTotal"
     FROM operations.migration_status WHERE system = $1`,
    [system],
  );
  const [row] = found.rows;
  if (row === undefined) return undefined;
  const runner = await readRunner(client);
  const moment = (at: Date | null): string | null => at?.toISOString() ?? null;
  return {
    system,
    state: row.state,
    // A runner that was killed has left its last word; nobody is busy with it any more.
    phase: runner === null ? null : row.phase,
    runner,
    run: row.run,
    startedAt: moment(row.startedAt),
    finishedAt: moment(row.finishedAt),
    updatedAt: moment(row.updatedAt),
    rows: { of: Number(row.rowsTotal), landed: Number(row.rowsCopied), quarantined: Number(row.rowsQuarantined) },
    bytes: Number(row.bytes),
    rowsPerSecond: row.rowsPerSecond,
    secondsLeft: row.secondsLeft,
    failure: row.failure,
    tables: await readTables(client, system),
    transfer: {
      files: Number(row.filesDone),
      of: Number(row.filesTotal),
      bytes: Number(row.fileBytesDone),
      ofBytes: Number(row.fileBytesTotal),
    },
    files: await readFiles(client, system),
    verification: await readVerification(client, system),
    rollbackPoints: await readRollbackPoints(client, system),
  };
}

async function readTables(client: pg.Client, system: string): Promise<TableStatus[]> {
  type Counts = "rows" | "landed" | "quarantined" | "repaired" | "bytes" | "phaseRows" | "phaseOf";
  const tables = await client.query<Omit<TableStatus, Counts> & Record<Counts, string>>(
    `SELECT source_table AS source, target_table AS target, disposition, state, source_rows AS rows, target_rows AS landed,
       quarantined_rows AS quarantined, repaired_rows AS repaired, bytes, phase, phase_rows_done AS "phaseRows",
       phase_rows_total AS "phaseOf", rows_per_second AS "rowsPerSecond", seconds_left AS "secondsLeft"
     FROM operations.migration_tables WHERE system = $1 ORDER BY source_table COLLATE "C"`,
    [system],
  );
  return tables.rows.map((table) => ({
    ...table,
    rows: Number(table.rows),
    landed: table.disposition === "dropped" ? 0 : Number(table.landed),
    quarantined: Number(table.quarantined),
    repaired: Number(table.repaired),
    bytes: Number(table.bytes),
    phaseRows: Number(table.phaseRows),
    phaseOf: Number(table.phaseOf),
  }));
}

async function readVerification(client: pg.Client, system: string): Promise<MigrationStatus["verification"]> {
  const results = await client.query<LandingCheck>(
    `SELECT name, subject, passed, expected, found FROM operations.verification_results
     WHERE system = $1 AND run_id = (SELECT max(run_id) FROM operations.verification_results WHERE system = $1) ORDER BY id`,
    [system],
  );
  return { checked: results.rows.length, failed: results.rows.filter(({ passed }) => !passed) };
}

async function readRollbackPoints(client: pg.Client, system: string): Promise<MigrationStatus["rollbackPoints"]> {
  const points = await client.query<{ name: string; takenAt: Date; location: string; bytes: string; sha256: string }>(
    `SELECT name, taken_at AS "takenAt", location, bytes, sha256 FROM operations.rollback_points
     WHERE system = $1 ORDER BY taken_at DESC LIMIT 100`,
    [system],
  );
  return points.rows.map((point) => ({
    ...point,
    takenAt: point.takenAt.toISOString(),
    bytes: Number(point.bytes),
  }));
}

// As runners name their connections; see target/runner.ts.
async function readRunner(client: pg.Client): Promise<string | null> {
  const found = await client.query<{ name: string }>(
    `SELECT application_name AS name FROM pg_stat_activity
     WHERE datname = current_database() AND application_name LIKE 'landfall-migration % process %' ORDER BY backend_start LIMIT 1`,
  );
  return found.rows[0]?.name.replace("landfall-migration ", "") ?? null;
}
