import type pg from "pg";
import type { Plan } from "../plans/plan.ts";
import { openPostgres } from "./postgres/source.ts";
import type { Source } from "./source.ts";

/** Opens the source of a plan with the adapter for its engine. Throws an error that says which source, and why it cannot be read. */
export async function openSource(plan: Plan, config: pg.ClientConfig): Promise<Source> {
  try {
    return await openPostgres(plan, config);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const place = `${config.host ?? ""}:${String(config.port ?? "")}/${config.database ?? ""}`;
    throw new Error(`The source of ${plan.system} (${place}) cannot be read: ${reason}`, { cause: error });
  }
}
