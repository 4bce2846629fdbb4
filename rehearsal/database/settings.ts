import { types } from "../linode/catalogue.ts";
import type { DatabaseRecord } from "./record.ts";

/** Connections for each GiB of a plan's memory (aiven.io/docs/products/postgresql/reference/pg-connection-limits). */
const connectionsPerGiB = 25;
const mostConnections = 1000;

/** MiB; a rehearsal's machine has less memory than the plans together. */
const mostSharedBuffers = 256;

/** Settings of Postgres by the names that the vendor's package has for them, where they mean the same. */
export const plainSettings: Readonly<Record<string, string>> = {
  engineConfigPgAutovacuumAnalyzeScaleFactor: "autovacuum_analyze_scale_factor",
  engineConfigPgAutovacuumAnalyzeThreshold: "autovacuum_analyze_threshold",
  engineConfigPgAutovacuumMaxWorkers: "autovacuum_max_workers",
  engineConfigPgAutovacuumNaptime: "autovacuum_naptime",
  engineConfigPgAutovacuumVacuumCostDelay: "autovacuum_vacuum_cost_delay",
  engineConfigPgAutovacuumVacuumCostLimit: "autovacuum_vacuum_cost_limit",
  engineConfigPgAutovacuumVacuumScaleFactor: "autovacuum_vacuum_scale_factor",
  engineConfigPgAutovacuumVacuumThreshold: "autovacuum_vacuum_threshold",
  engineConfigPgDeadlockTimeout: "deadlock_timeout",
  engineConfigPgDefaultToastCompression: "default_toast_compression",
  engineConfigPgIdleInTransactionSessionTimeout: "idle_in_transaction_session_timeout",
  engineConfigPgJit: "jit",
  engineConfigPgMaxParallelWorkers: "max_parallel_workers",
  engineConfigPgMaxParallelWorkersPerGather: "max_parallel_workers_per_gather",
  engineConfigPgMaxWorkerProcesses: "max_worker_processes",
  engineConfigPgPgStatStatementsTrack: "pg_stat_statements.track",
  engineConfigPgTempFileLimit: "temp_file_limit",
  engineConfigPgTimezone: "timezone",
  engineConfigPgTrackFunctions: "track_functions",
  engineConfigPgTrackIoTiming: "track_io_timing",
};

/** Settings whose value is worked out from the one given. */
export const derivedSettings = {
  workMem: "engineConfigWorkMem",
  sharedBuffers: "engineConfigSharedBuffersPercentage",
} as const;

/** The configuration file of a managed database: what its plan allows, and what was set. */
export function renderSettings({ type, settings }: Pick<DatabaseRecord, "type" | "settings">): string {
  const memory = types[type]?.memory ?? 1024;
  const { work_mem: workMemory, shared_buffers: percentage, ...plain } = settings;
  const shared = Math.min(mostSharedBuffers, Math.floor((memory * Number(percentage ?? 20)) / 100));
  const all: Record<string, string> = {
    max_connections: String(Math.min(mostConnections, Math.floor((connectionsPerGiB * memory) / 1024))),
    shared_preload_libraries: "pg_stat_statements",
    shared_buffers: `${String(shared)}MB`,
    ...(workMemory === undefined ? {} : { work_mem: `${workMemory}MB` }),
    ...plain,
  };
  return Object.entries(all)
    .map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`)
    .join("");
}
