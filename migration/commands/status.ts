import { planHash } from "../plans/hash.ts";
import { plans } from "../plans/plans.ts";
import type { Settings } from "../settings.ts";
import { Connection } from "../sql/connection.ts";
import { readOutcome } from "../target/outcome.ts";

/** Prints what the target knows of each system, as one JSON object a line. */
export async function statusCommand(settings: Settings): Promise<void> {
  const connection = await Connection.open(settings.target);
  try {
    const known = await connection.client.query<{ known: boolean }>(
      "SELECT to_regclass('migration.runs') IS NOT NULL AS known",
    );
    for (const system of settings.systems) {
      const plan = plans.get(system);
      if (plan === undefined) continue;
      const outcome =
        known.rows[0]?.known === true
          ? await readOutcome(connection.client, plan, { planHash: planHash(plan), copiedNow: false })
          : { system, state: "planned" };
      process.stdout.write(`${JSON.stringify(outcome)}\n`);
    }
  } finally {
    await connection.close();
  }
}
