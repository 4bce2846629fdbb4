import { Connection } from "@landfall/migration/sql/connection";
import { targetOf } from "./context.ts";
import type { Request } from "./arguments.ts";

/** Opens the target. Throws an Error that names it without its password. */
export async function connectTarget(request: Request): Promise<Connection> {
  const { shown, config } = targetOf(request);
  try {
    return await Connection.open(config);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `The target ${shown} cannot be opened: ${reason}. Its password belongs in LANDFALL_TARGET_PASSWORD or PGPASSWORD, or in the URL.`,
      { cause: error },
    );
  }
}
