import type pg from "pg";
import type { Result } from "../engine/rules.ts";
import { targetOf, type SystemState } from "./status.ts";
import type { Plan } from "../plans/plan.ts";
import type { Profile } from "../sources/source.ts";
import type { SystemReport, TableReport, VerificationReport } from "../report.ts";
import { rollbackPointOf } from "./rollback-point.ts";
import { lastRun } from "./runs.ts";

/** Puts the results of a run's verification in the place of those that it had. Within a transaction. */
export async function recordResults(
  client: pg.Client,
  of: { system: string; runId: string },
  results: readonly Result[],
): Promise<void> {
  await client.query("DELETE FROM operations.verification_results WHERE run_id = $1", [of.runId]);
  for (const { name, subject, passed, expected, found, detail } of results) {
    await client.query(
      `INSERT INTO operations.verification_results (system, run_id, name, subject, passed, expected, found, detail)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [of.system, of.runId, name, subject, passed, expected, found, JSON.stringify(detail ?? {})],
    );
  }
}

/** Adds a result to those of a run, in the place of one that it had for the same thing. */
export async function recordResult(
  client: pg.Client,
  of: { system: string; runId: string },
  { name, subject, passed, expected, found, detail }: Result,
): Promise<void> {
  await client.query(
    `INSERT INTO operations.verification_results (system, run_id, name, subject, passed, expected, found, detail)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (run_id, name, subject) DO UPDATE SET passed = excluded.passed, expected = excluded.expected,
       found = excluded.found, detail = excluded.detail, at = now()`,
    [of.system, of.runId, name, subject, passed, expected, found, JSON.stringify(detail ?? {})],
  );
}

/** Remembers how often each repair was made. Within a transaction. */
export async function recordRepairs(
  client: pg.Client,
  runId: string,
  profiles: ReadonlyMap<string, Profile>,
): Promise<void> {
  await client.query("DELETE FROM migration.repairs WHERE run_id = $1", [runId]);
  for (const [source, { repairs }] of profiles) {
    for (const { name, rows } of repairs.filter((repair) => repair.rows > 0)) {
      await client.query("INSERT INTO migration.repairs (run_id, source_table, rule, rows) VALUES ($1, $2, $3, $4)", [
        runId,
        source,
        name,
        rows,
      ]);
    }
  }
}

type Figures = Pick<TableReport, "sourceRows" | "targetRows" | "quarantinedRows" | "repairedRows" | "seconds">;

const figuresOf = (row: { readonly [Key in keyof Figures]: string } | undefined): Figures => ({
  sourceRows: Number(row?.sourceRows ?? 0),
  targetRows: Number(row?.targetRows ?? 0),
  quarantinedRows: Number(row?.quarantinedRows ?? 0),
  repairedRows: Number(row?.repairedRows ?? 0),
  seconds: Math.round(Number(row?.seconds ?? 0) * 1000) / 1000,
});

/** Everything that the target knows of a system's last run. */
export async function readOutcome(
  client: pg.Client,
  plan: Plan,
  of: { planHash: string; copiedNow: boolean },
): Promise<SystemReport> {
  const { system } = plan;
  const run = await lastRun(client, system);
  const runId = run?.id ?? null;
  const status = await client.query<{
    state: SystemState;
    startedAt: Date | null;
    finishedAt: Date | null;
    failure: string | null;
  }>(
    `SELECT state, started_at AS "startedAt", finished_at AS "finishedAt", failure FROM operations.migration_status WHERE system = $1`,
    [system],
  );
  const tables = await client.query<{ [Key in keyof TableReport]: string }>(
    `SELECT source_table AS source, source_rows AS "sourceRows", target_rows AS "targetRows", quarantined_rows AS "quarantinedRows",
       repaired_rows AS "repairedRows",
       coalesce((SELECT sum(seconds) FROM migration.chunks c WHERE c.run_id = $2 AND c.source_table = m.source_table), 0) AS seconds
     FROM operations.migration_tables m WHERE system = $1`,
    [system, runId],
  );
  const verification = await client.query<VerificationReport & { detail: object }>(
    "SELECT name, subject, passed, expected, found, detail FROM operations.verification_results WHERE run_id = $1 ORDER BY id",
    [runId],
  );
  const quarantine = await client.query<{ table: string; rule: string; rows: string }>(
    `SELECT source_table AS table, rule, count(*) AS rows FROM operations.quarantine WHERE system = $1 GROUP BY 1, 2 ORDER BY 1, 2`,
    [system],
  );
  const repairs = await client.query<{ table: string; rule: string; rows: string }>(
    `SELECT source_table AS table, rule, rows FROM migration.repairs WHERE run_id = $1 ORDER BY 1, 2`,
    [runId],
  );
  const counted = (rows: readonly { table: string; rule: string; rows: string }[]) =>
    rows.map((row) => ({ ...row, rows: Number(row.rows) }));
  const [now] = status.rows;
  return {
    system,
    state: now?.state ?? "planned",
    runId,
    planHash: run?.planHash ?? of.planHash,
    copiedNow: of.copiedNow,
    startedAt: now?.startedAt?.toISOString() ?? null,
    finishedAt: now?.finishedAt?.toISOString() ?? null,
    tables: [
      ...plan.tables.map((table) => ({
        source: table.source,
        target: targetOf(table) ?? null,
        disposition: table.disposition,
        ...figuresOf(tables.rows.find(({ source }) => source === table.source)),
      })),
      // Tables that the plan does not know, and that stay behind by name.
      ...tables.rows
        .filter(({ source }) => !plan.tables.some((table) => table.source === source))
        .map((row) => ({ source: row.source, target: null, disposition: "dropped" as const, ...figuresOf(row) })),
    ],
    verification: verification.rows.map(({ detail, ...row }) =>
      Object.keys(detail).length === 0 ? row : { ...row, detail },
    ),
    quarantine: counted(quarantine.rows),
    repairs: counted(repairs.rows),
    rollbackPoint: runId === null ? null : await rollbackPointOf(client, runId),
    ...(now?.failure == null ? {} : { failure: now.failure }),
  };
}

/**
 * What is wrong with the record of a verified run, or undefined when it still stands: its status, its results, and at
 * least one row of each table that had any. Single rows may have changed since: the platform works with them.
 */
export async function faultOfRecord(client: pg.Client, outcome: SystemReport): Promise<string | undefined> {
  if (outcome.state !== "verified") return `its status is "${outcome.state}"`;
  if (outcome.verification.length === 0) return "its verification results are gone";
  // Files are looked at anew by every run.
  const failed = outcome.verification.find(({ name, passed }) => !passed && name !== "files");
  if (failed !== undefined) return `its verification result ${failed.name} of ${failed.subject} is a failed one`;
  for (const { target, disposition, targetRows } of outcome.tables) {
    if (target === null || disposition !== "mapped" || targetRows === 0) continue;
    const any = await client.query(`SELECT FROM ${target} WHERE source_system = $1 LIMIT 1`, [outcome.system]);
    if (any.rowCount === 0) return `${target} has none of its ${targetRows.toString()} rows left`;
  }
  return undefined;
}
