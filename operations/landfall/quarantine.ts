import { maskedRow } from "@landfall/app/console/masked";
import { exitCodes } from "@landfall/migration/engine/outcome";
import { readParticulars } from "@landfall/migration/report/record";
import type pg from "pg";
import { connectTarget } from "./connect.ts";
import type { Context } from "./context.ts";
import { visible } from "./visible.ts";

/** Rows that are fetched at a time. */
const pageRows = 1000;

interface HeldRow {
  readonly table: string;
  readonly legacyId: string;
  readonly rule: string;
  readonly reason: string;
  readonly row: Record<string, unknown>;
  readonly at: string;
}

/** Lists the rows that a system's move has held back, and why: by rule, then one by one. Gives the exit code. */
export async function quarantineCommand({ request, print }: Context): Promise<number> {
  const { system, json } = request;
  const connection = await connectTarget(request);
  try {
    const { client } = connection;
    const { quarantine: rules } = await readParticulars(client, system);
    const total = rules.reduce((sum, { rows }) => sum + rows, 0);
    if (json) {
      // One object on one line, written as it is read: a quarantine may be larger than memory.
      await print(`${JSON.stringify({ system, total, rules }).slice(0, -1)},"rows":[`);
      let separator = "";
      for await (const row of total === 0 ? [] : heldRows(client, system)) {
        await print(`${separator}${JSON.stringify(row)}`);
        separator = ",";
      }
      await print("]}\n");
    } else {
      if (total === 0) await print(`${system}: nothing is in quarantine.\n`);
      let group = "";
      for await (const { table, rule, reason, legacyId, row } of total === 0 ? [] : heldRows(client, system)) {
        if (group !== `${table} ${rule}`) {
          group = `${table} ${rule}`;
          const rows = rules.find((one) => one.table === table && one.rule === rule)?.rows ?? 0;
          await print(`\n${visible(table)}: ${rule}, ${rows.toString()} ${rows === 1 ? "row" : "rows"}\n`);
        }
        await print(`  ${visible(legacyId)}: ${visible(reason)}\n      ${visible(JSON.stringify(row))}\n`);
      }
    }
    return exitCodes.verified;
  } finally {
    await connection.close();
  }
}

async function* heldRows(client: pg.Client, system: string): AsyncGenerator<HeldRow> {
  let after: readonly [string, string, string] = ["", "", "0"];
  for (;;) {
    const page = await client.query<Omit<HeldRow, "at"> & { id: string; at: Date }>(
      `SELECT id::text, source_table AS table, legacy_id AS "legacyId", rule, reason, legacy_row AS row, at
       FROM operations.quarantine
       WHERE system = $1 AND (source_table COLLATE "C", rule COLLATE "C", id) > ($2, $3, $4)
       ORDER BY source_table COLLATE "C", rule COLLATE "C", quarantine.id LIMIT $5`,
      [system, ...after, pageRows],
    );
    for (const { id, at, row, ...rest } of page.rows) {
      yield { ...rest, row: maskedRow(row), at: at.toISOString() };
      after = [rest.table, rest.rule, id];
    }
    if (page.rows.length < pageRows) return;
  }
}
