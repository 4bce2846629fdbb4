import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cloneHome } from "./paths.ts";

/**
 * Volumes that this clone has begun to make and that its state may not know: an update was killed while the engine
 * made them. They are ours all the same, and the next update takes them over.
 */
const noteOf = (stack: string): string => join(cloneHome, "own-volumes", `${stack}.json`);

/** The names that were noted for a stack. */
export function ownVolumes(stack: string): string[] {
  const note = noteOf(stack);
  return existsSync(note) ? (JSON.parse(readFileSync(note, "utf8")) as string[]) : [];
}

/** Notes names beside those that are noted already. */
export function noteOwnVolumes(stack: string, names: readonly string[]): void {
  const note = noteOf(stack);
  mkdirSync(dirname(note), { recursive: true });
  writeFileSync(`${note}.partial`, JSON.stringify([...new Set([...ownVolumes(stack), ...names])]));
  renameSync(`${note}.partial`, note);
}

/** Forgets a stack that was removed. */
export function forgetOwnVolumes(stack: string): void {
  rmSync(noteOf(stack), { force: true });
}
