import type { Context } from "./context.ts";

/** Lists rollback points, goes back to one, or exports. Gives the exit code. */
export function rollbackCommand(_context: Context): Promise<number> {
  throw new Error("Rollback points are not restored by this command yet.");
}
