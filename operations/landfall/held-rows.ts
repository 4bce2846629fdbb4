import { maskedRow } from "@landfall/app/console/masked";
import type pg from "pg";

/** A row in quarantine, with passwords and tokens masked. */
export interface HeldRow {
  readonly table: string;
  readonly legacyId: string;
  readonly rule: string;
  readonly reason: string;
  readonly row: Record<string, unknown>;
  readonly at: string;
}

/** What is fetched at a time: so many rows, and no more once their texts have so many bytes. */
export interface Page {
  readonly rows: number;
  readonly bytes: number;
}

const usualPage: Page = { rows: 1000, bytes: 8 * 1024 * 1024 };

/** The rows that a system's move has held back, by table and rule. One page of them is in memory, or one row that is larger. */
export async function* heldRows(client: pg.Client, system: string, page: Page = usualPage): AsyncGenerator<HeldRow> {
  let after: readonly [string, string, string] = ["", "", "0"];
  let looked = Math.min(page.rows, 16);
  for (;;) {
    const fetched = await client.query<Omit<HeldRow, "at"> & { id: string; at: Date }>(
      `SELECT id::text, source_table AS table, legacy_id AS "legacyId", rule, reason, legacy_row AS row, at
       FROM (SELECT p.*, sum(bytes) OVER (ORDER BY source_table COLLATE "C", rule COLLATE "C", id) - bytes AS before
             FROM (SELECT q.*, octet_length(legacy_row::text) AS bytes FROM operations.quarantine q
                   WHERE system = $1 AND (source_table COLLATE "C", rule COLLATE "C", id) > ($2, $3, $4)
                   ORDER BY source_table COLLATE "C", rule COLLATE "C", id LIMIT $5) p) s
       WHERE before < $6
       ORDER BY source_table COLLATE "C", rule COLLATE "C", s.id`,
      [system, ...after, looked, page.bytes],
    );
    for (const { id, at, row, ...rest } of fetched.rows) {
      yield { ...rest, row: maskedRow(row), at: at.toISOString() };
      after = [rest.table, rest.rule, id];
    }
    const taken = fetched.rows.length;
    if (taken === 0) return;
    // The server measures every row that it looks at; where they are large, it need not look at many.
    looked = taken < looked ? 2 * taken : Math.min(page.rows, 4 * looked);
  }
}
