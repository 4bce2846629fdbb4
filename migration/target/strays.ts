import type pg from "pg";
import { isInWindow, mappedTables, type Plan } from "../plans/plan.ts";
import { identifier } from "../sql/quote.ts";

/** A table that can hold rows of a legacy system. */
export interface TableBeside {
  readonly name: string;
  /** Whether its rows are numbered, so that those of a system that a move has brought lie in the system's window. */
  readonly numbered: boolean;
}

/**
 * The tables that can hold rows of a legacy system, but none by this plan. They are the schema's own, which refer to
 * the list of systems; a table that somebody else has made here, of whatever columns, is not.
 */
export async function tablesBeside(client: pg.Client, plan: Plan): Promise<TableBeside[]> {
  const found = await client.query<TableBeside>(
    `SELECT n.nspname || '.' || c.relname AS name,
       EXISTS (SELECT FROM pg_index i JOIN pg_attribute k ON k.attrelid = c.oid AND k.attnum = i.indkey[0]
               WHERE i.indrelid = c.oid AND i.indisprimary AND k.attname = 'id' AND k.atttypid = 'bigint'::regtype) AS numbered
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE a.attname = 'source_system' AND NOT a.attisdropped AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND EXISTS (SELECT FROM pg_attribute l WHERE l.attrelid = c.oid AND l.attname = 'legacy_id')
       AND EXISTS (SELECT FROM pg_constraint f WHERE f.conrelid = c.oid AND f.contype = 'f' AND a.attnum = ANY (f.conkey)
                     AND f.confrelid = to_regclass('provenance.systems'))
     ORDER BY 1`,
  );
  const filled = new Set(mappedTables(plan).map(({ target }) => target));
  return found.rows.filter(({ name }) => !filled.has(name));
}

/**
 * Condition that a row of a table beside is one that a move of the system can have brought, $1 being the system. No index
 * leads from a system to its rows; where they are numbered, the window does.
 */
function broughtByMove(plan: Plan, { numbered }: TableBeside): string {
  return numbered ? `source_system = $1 AND ${isInWindow(plan, "id")}` : "source_system = $1";
}

/**
 * Rows of a system where its plan lands none, by table; tables without such rows are left out.
 *
 * @param look.broughtOnly whether rows that no move can have brought are passed over: that spares a scan of tables that
 * only other systems fill, and after a move, which has taken away all others first, there are none
 */
export async function findStrays(
  client: pg.Client,
  plan: Plan,
  look: { readonly broughtOnly: boolean },
): Promise<Map<string, number>> {
  const places = new Map(
    (await tablesBeside(client, plan)).map((table) => [
      table.name,
      look.broughtOnly ? broughtByMove(plan, table) : "source_system = $1",
    ]),
  );
  for (const [target, tables] of Map.groupBy(mappedTables(plan), (table) => table.target)) {
    const own = tables.map(({ among }) => `(${among ?? "true"})`);
    places.set(target, `source_system = $1 AND (${own.join(" OR ")}) IS NOT TRUE`);
  }
  const strays = new Map<string, number>();
  for (const [name, where] of places) {
    const counted = await client.query<{ rows: string }>(
      `SELECT count(*) AS rows FROM ${identifier(name)} WHERE ${where}`,
      [plan.system],
    );
    const rows = Number(counted.rows[0]?.rows ?? 0);
    if (rows > 0) strays.set(name, rows);
  }
  return strays;
}
