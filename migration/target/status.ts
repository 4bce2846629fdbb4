import type pg from "pg";
import type { Plan, PlanTable } from "../plans/plan.ts";

export type SystemState = "planned" | "copying" | "verifying" | "verified" | "failed";

/** What the profile says about a table before anything moves. */
export interface TableForecast {
  readonly rows: number;
  readonly repaired: number;
}

/** Lays out the rows that the console shows for a system: one for it, one for each legacy table. */
export async function planStatus(
  client: pg.Client,
  plan: Plan,
  of: { runId: string; forecasts: ReadonlyMap<string, TableForecast> },
): Promise<void> {
  const total = [...of.forecasts]
    .filter(([source]) => isMoved(plan, source))
    .reduce((sum, [, { rows }]) => sum + rows, 0);
  await client.query(
    `INSERT INTO operations.migration_status (system, state, run_id, started_at, rows_total) VALUES ($1, 'planned', $2, now(), $3)
     ON CONFLICT (system) DO UPDATE SET state = 'planned', run_id = $2, rows_total = $3, updated_at = now(), failure = NULL,
       started_at = CASE WHEN migration_status.run_id = $2 THEN migration_status.started_at ELSE now() END,
       finished_at = NULL, seconds_left = NULL`,
    [plan.system, of.runId, total],
  );
  await client.query("DELETE FROM operations.migration_tables WHERE system = $1", [plan.system]);
  for (const table of plan.tables) {
    const forecast = of.forecasts.get(table.source);
    await client.query(
      `INSERT INTO operations.migration_tables (system, source_table, disposition, target_table, reason, source_rows, repaired_rows, state)
       VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting')`,
      [
        plan.system,
        table.source,
        table.disposition,
        targetOf(table) ?? null,
        table.disposition === "mapped" ? null : table.reason,
        forecast?.rows ?? 0,
        forecast?.repaired ?? 0,
      ],
    );
  }
}

const isMoved = (plan: Plan, source: string): boolean =>
  plan.tables.some((table) => table.source === source && table.disposition === "mapped");

export const targetOf = (table: PlanTable): string | undefined =>
  table.disposition === "mapped" ? table.target : table.disposition === "folded" ? table.into?.target : undefined;

/** Brings the figures up to what the checkpoints say. `seconds` is how long this runner has been copying `rows`. */
export async function updateFigures(
  client: pg.Client,
  system: string,
  of: { runId: string; rowsHere: number; seconds: number },
): Promise<void> {
  await client.query(
    `UPDATE operations.migration_tables m SET target_rows = c.rows, quarantined_rows = c.quarantined, bytes = c.bytes,
       state = CASE WHEN c.open = 0 THEN 'copied' ELSE 'copying' END, updated_at = now()
     FROM (SELECT source_table, sum(rows) AS rows, sum(quarantined) AS quarantined, sum(bytes) AS bytes,
             count(*) FILTER (WHERE state = 'waiting') AS open, count(*) FILTER (WHERE state = 'copied') AS done
           FROM migration.chunks WHERE run_id = $2 GROUP BY source_table) c
     WHERE m.system = $1 AND m.source_table = c.source_table AND c.done > 0`,
    [system, of.runId],
  );
  await client.query(
    `UPDATE operations.migration_status s SET rows_copied = c.rows, rows_quarantined = c.quarantined, bytes_copied = c.bytes,
       rows_per_second = $3::double precision,
       seconds_left = CASE WHEN $3 > 0 THEN greatest(s.rows_total - c.rows - c.quarantined, 0) / $3 END, updated_at = now()
     FROM (SELECT sum(rows) AS rows, sum(quarantined) AS quarantined, sum(bytes) AS bytes FROM migration.chunks WHERE run_id = $2) c
     WHERE s.system = $1`,
    [system, of.runId, of.seconds > 0 ? of.rowsHere / of.seconds : 0],
  );
}

export async function setState(
  client: pg.Client,
  system: string,
  to: { state: SystemState; failure?: string },
): Promise<void> {
  await client.query(
    `UPDATE operations.migration_status SET state = $2, failure = $3, updated_at = now(),
       finished_at = CASE WHEN $2 IN ('verified', 'failed') THEN now() END,
       seconds_left = CASE WHEN $2 IN ('verified', 'failed') THEN 0 ELSE seconds_left END WHERE system = $1`,
    [system, to.state, to.failure ?? null],
  );
}

/** Adds tables that no plan knows and that stay behind by name, with their rows. Within a transaction, after planStatus. */
export async function recordLeftBehind(
  client: pg.Client,
  system: string,
  counts: ReadonlyMap<string, number>,
): Promise<void> {
  for (const [source, rows] of counts) {
    await client.query(
      `INSERT INTO operations.migration_tables (system, source_table, disposition, reason, source_rows, state)
       VALUES ($1, $2, 'dropped', $3, $4, 'verified')`,
      [system, source, leftBehind, rows],
    );
  }
}

/** Why a table that the plan does not know stays behind. */
export const leftBehind = "unknown to the plan, and left behind as the command line asked";

/** Rows that each legacy table of the plan had when it was surveyed for the last run. */
export async function recordedRows(client: pg.Client, system: string): Promise<Map<string, number>> {
  const recorded = await client.query<{ source: string; rows: string }>(
    "SELECT source_table AS source, source_rows AS rows FROM operations.migration_tables WHERE system = $1",
    [system],
  );
  return new Map(recorded.rows.map(({ source, rows }) => [source, Number(rows)]));
}

/** Counts of the tables that have no rows of their own in the target, and what verification made of each table. */
export async function settleTables(
  client: pg.Client,
  system: string,
  tables: readonly { source: string; targetRows: number; passed: boolean }[],
): Promise<void> {
  for (const { source, targetRows, passed } of tables) {
    await client.query(
      `UPDATE operations.migration_tables SET target_rows = $3, state = $4, updated_at = now() WHERE system = $1 AND source_table = $2`,
      [system, source, targetRows, passed ? "verified" : "differs"],
    );
  }
}
