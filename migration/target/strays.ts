import type pg from "pg";
import { mappedTables, type Plan } from "../plans/plan.ts";
import { identifier } from "../sql/quote.ts";

/**
 * The tables that can hold rows of a legacy system, but none by this plan. They are the schema's own, which refer to
 * the list of systems; a table that somebody else has made here, of whatever columns, is not.
 */
export async function tablesBeside(client: pg.Client, plan: Plan): Promise<string[]> {
  const found = await client.query<{ name: string }>(
    `SELECT n.nspname || '.' || c.relname AS name
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE a.attname = 'source_system' AND NOT a.attisdropped AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND EXISTS (SELECT FROM pg_attribute l WHERE l.attrelid = c.oid AND l.attname = 'legacy_id')
       AND EXISTS (SELECT FROM pg_constraint f WHERE f.conrelid = c.oid AND f.contype = 'f' AND a.attnum = ANY (f.conkey)
                     AND f.confrelid = to_regclass('provenance.systems'))
     ORDER BY 1`,
  );
  const filled = new Set(mappedTables(plan).map(({ target }) => target));
  return found.rows.map(({ name }) => name).filter((name) => !filled.has(name));
}

/** Rows of a system where its plan lands none, by table; tables without such rows are left out. */
export async function findStrays(client: pg.Client, plan: Plan): Promise<Map<string, number>> {
  const places = new Map((await tablesBeside(client, plan)).map((name) => [name, "true"]));
  for (const [target, tables] of Map.groupBy(mappedTables(plan), (table) => table.target)) {
    const own = tables.map(({ among }) => `(${among ?? "true"})`);
    places.set(target, `(${own.join(" OR ")}) IS NOT TRUE`);
  }
  const strays = new Map<string, number>();
  for (const [name, where] of places) {
    const counted = await client.query<{ rows: string }>(
      `SELECT count(*) AS rows FROM ${identifier(name)} WHERE source_system = $1 AND ${where}`,
      [plan.system],
    );
    const rows = Number(counted.rows[0]?.rows ?? 0);
    if (rows > 0) strays.set(name, rows);
  }
  return strays;
}
