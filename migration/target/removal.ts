import type pg from "pg";
import { tablesInOrder } from "../plans/order.ts";
import type { FoldedTable, MappedTable, Plan } from "../plans/plan.ts";
import { identifier } from "../sql/quote.ts";
import { tablesBeside } from "./strays.ts";
import { quarantineRange, targetRange, wholeTable, type Chunk } from "../sql/range.ts";

/**
 * Takes away what a system has landed, and nothing else's, children first; also what an earlier plan landed where this
 * one lands nothing. Within a transaction.
 */
export async function removeSystem(client: pg.Client, plan: Plan): Promise<void> {
  for (const { name } of await tablesBeside(client, plan))
    await client.query(`DELETE FROM ${identifier(name)} WHERE source_system = $1`, [plan.system]);
  await removeTables(client, plan, new Set(plan.tables.map(({ source }) => source)));
}

/** Takes away a system's rows of the named legacy tables, children first. Within a transaction. */
export async function removeTables(client: pg.Client, plan: Plan, sources: ReadonlySet<string>): Promise<void> {
  for (const table of tablesInOrder(plan)
    .reverse()
    .filter(({ source }) => sources.has(source))) {
    if (table.disposition === "mapped") {
      await client.query(`DELETE FROM ${identifier(table.target)} WHERE ${targetRange(plan, table, wholeTable)}`);
    }
    await client.query("DELETE FROM operations.quarantine WHERE system = $1 AND source_table = $2", [
      plan.system,
      table.source,
    ]);
  }
}

/** Takes away what a chunk has landed and held back. Whatever refers to it must be gone already. Within a transaction. */
export async function removeChunk(
  client: pg.Client,
  plan: Plan,
  of: { table: MappedTable | FoldedTable; chunk: Chunk },
): Promise<void> {
  const { table, chunk } = of;
  if (table.disposition === "mapped") {
    await client.query(`DELETE FROM ${identifier(table.target)} WHERE ${targetRange(plan, table, chunk)}`);
  }
  const inside = table.disposition === "mapped" ? quarantineRange(table.range, chunk) : "true";
  await client.query(`DELETE FROM operations.quarantine WHERE system = $1 AND source_table = $2 AND ${inside}`, [
    plan.system,
    table.source,
  ]);
}
