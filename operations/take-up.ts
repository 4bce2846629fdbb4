/** Takes up what an update that was cut off has made and that the state does not know. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Vendor } from "@landfall/infra/settings/tokens";
import { readCheckpoint, type Checkpoint } from "@landfall/tools/clone-state";
import { reachServers } from "@landfall/tools/identity";
import { pulumiOutput } from "@landfall/tools/pulumi-command";
import { orphans, removeOrphan, type Orphan } from "./orphans.ts";
import { madeUnnoted, withMade, type Unnoted } from "./pending-creates.ts";
import { stackFlags, type StackArguments } from "./stack-arguments.ts";

/**
 * Removes containers and networks that were being made, and notes in the state what was being made at a vendor. Whoever
 * was asked for something goes on making it although nobody waits for it any more, and may show it only when it is done:
 * so what was not there at one look may be there at the next.
 *
 * @param cutOff the state as the update left it
 * @returns how many things were there that the state did not know
 * @throws with the vendor's words when one cannot be asked
 */
export async function takeUp(cutOff: Checkpoint, args: StackArguments): Promise<number> {
  const { stack } = args;
  const removed = await removeOrphans(orphans(cutOff), stack);
  const known = new Set(readCheckpoint(stack)?.resources.map(({ urn }) => urn));
  const pending = cutOff.pending.filter(({ resource }) => !known.has(resource.urn));
  const made = await madeUnnoted({ ...cutOff, pending }, (vendor) => vendorSettings(args, vendor));
  for (const { resource } of made)
    console.error(`  taking up ${resource.urn.split("::").at(-1) ?? resource.urn}, which was made and not noted`);
  if (made.length > 0) await note(stack, made);
  return removed + made.length;
}

/**
 * Removes those that are there and that the state does not know. A server that is gone, or that a new generation
 * replaces, must not bar the update that puts it right.
 *
 * @returns how many were there
 */
async function removeOrphans(asked: readonly Orphan[], stack: string): Promise<number> {
  let removed = 0;
  if (asked.some(({ engine }) => engine !== undefined)) await reachServers(stack);
  for (const orphan of asked) {
    try {
      if (await removeOrphan(orphan, stack)) removed += 1;
    } catch (error) {
      if (orphan.engine === undefined) throw error;
      console.error(
        `  the ${orphan.kind} ${orphan.name} may have been made and not noted, but its server does not answer: ` +
          `${error instanceof Error ? error.message : String(error)}\n` +
          "  Going on without. If the update says that it exists already, run the same command again.",
      );
    }
  }
  return removed;
}

/** Writes what was made into the state. The engine's own way, refresh --import-pending-creates, leaves it out. */
async function note(stack: string, made: readonly Unnoted[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "landfall-state-"));
  try {
    const file = join(folder, "state.json");
    writeFileSync(file, withMade(await pulumiOutput(["stack", "export", ...stackFlags({ stack })]), made), {
      mode: 0o600,
    });
    await pulumiOutput(["stack", "import", "--file", file, ...stackFlags({ stack })]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A vendor's token where the stack's settings have it; otherwise its provider finds it in the environment. */
async function vendorSettings(args: StackArguments, vendor: Vendor): Promise<Record<string, string>> {
  const key = { linode: "token", cloudflare: "apiToken" }[vendor];
  try {
    return { [key]: (await pulumiOutput(["config", "get", `${vendor}:${key}`, ...stackFlags(args)])).trim() };
  } catch {
    return {};
  }
}
