import type { Cloud } from "./cloud.ts";
import { runOnMachine } from "./machine.ts";

/** Name of a cloud's table in this machine's packet filter. */
export function filterTable(cloud: Cloud): string {
  return `landfall_rehearsal_${cloud.stack.replaceAll("-", "_")}`;
}

/**
 * Replaces a cloud's table in this machine's packet filter, all of it at once.
 *
 * @param chains the table's content, as nft(8) reads it
 */
export async function replaceTable(cloud: Cloud, chains: string): Promise<void> {
  const table = `inet ${filterTable(cloud)}`;
  // A table that is not there cannot be deleted, so it is made first.
  const input = `table ${table}\ndelete table ${table}\ntable ${table} {\n${chains}}\n`;
  await runOnMachine(cloud, { command: ["nft", "-f", "-"], input });
}

/** Removes a cloud's table. One that is gone is a success. */
export async function removeTable(cloud: Cloud): Promise<void> {
  const table = `inet ${filterTable(cloud)}`;
  await runOnMachine(cloud, { command: ["nft", "-f", "-"], input: `table ${table}\ndelete table ${table}\n` });
}

/** Whether a cloud has a table in this machine's packet filter. */
export async function hasTable(cloud: Cloud): Promise<boolean> {
  const tables = await runOnMachine(cloud, { command: ["nft", "list", "tables"] });
  return tables.split("\n").includes(`table inet ${filterTable(cloud)}`);
}
