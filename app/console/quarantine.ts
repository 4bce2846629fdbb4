import type { Database } from "../database/database.ts";
import { maskedRow } from "./masked.ts";
import { pageSize, type Paged } from "./paging.ts";

export interface QuarantineFilter {
  readonly system?: string;
  readonly table?: string;
  readonly rule?: string;
}

/** A legacy row that could not be mapped. */
export interface QuarantinedRow {
  readonly id: number;
  readonly system: string;
  readonly table: string;
  readonly legacyId: string;
  readonly rule: string;
  readonly reason: string;
  readonly row: Readonly<Record<string, unknown>>;
  readonly at: Date;
}

/** One page of the quarantined rows that fit a filter. Two queries. */
export async function quarantinedRows(
  database: Database,
  filter: QuarantineFilter,
  page: number,
): Promise<Paged<QuarantinedRow>> {
  let fitting = database.selectFrom("operations.quarantine");
  if (filter.system !== undefined) fitting = fitting.where("system", "=", filter.system);
  if (filter.table !== undefined) fitting = fitting.where("source_table", "=", filter.table);
  if (filter.rule !== undefined) fitting = fitting.where("rule", "=", filter.rule);
  const [counted, rows] = await Promise.all([
    fitting.select(({ fn }) => fn.countAll<number>().as("total")).executeTakeFirstOrThrow(),
    fitting
      .selectAll()
      .orderBy("id")
      .limit(pageSize)
      .offset((page - 1) * pageSize)
      .execute(),
  ]);
  return {
    page,
    total: counted.total,
    rows: rows.map((row) => ({
      id: row.id,
      system: row.system,
      table: row.source_table,
      legacyId: row.legacy_id,
      rule: row.rule,
      reason: row.reason,
      row: maskedRow(row.legacy_row),
      at: row.at,
    })),
  };
}

/** How many rows of a table a rule keeps in quarantine. */
export interface QuarantineGroup {
  readonly table: string;
  readonly rule: string;
  readonly rows: number;
}

/** A system's quarantine by table and rule. One query. */
export async function quarantineGroups(database: Database, system: string): Promise<QuarantineGroup[]> {
  return database
    .selectFrom("operations.quarantine")
    .select(["source_table as table", "rule"])
    .select(({ fn }) => fn.countAll<number>().as("rows"))
    .where("system", "=", system)
    .groupBy(["source_table", "rule"])
    .orderBy("source_table")
    .orderBy("rule")
    .execute();
}
