import { exitCodes } from "@landfall/migration/engine/outcome";
import { readParticulars } from "@landfall/migration/report/record";
import { connectTarget } from "./connect.ts";
import type { Context } from "./context.ts";
import { heldRows } from "./held-rows.ts";
import { visible } from "./visible.ts";

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
