import type { Repair } from "./plan.ts";

/** In a staged table: what stands in a target column that cannot be empty, where the legacy one is. */
export const filled = (
  column: string,
  fill: { readonly target: string; readonly then: string; readonly reason: string },
): Repair => ({
  name: `${column.replaceAll("_", "-")}-missing`,
  column: fill.target,
  // What cannot be read is no value either, and has a rule of its own.
  when: `t.${column} IS NULL AND ('${column}' = ANY (t."~faults")) IS NOT TRUE`,
  then: fill.then,
  reason: fill.reason,
});
