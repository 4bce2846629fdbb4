/** Puts a stack right whose last update was cut off, so that the next one goes on instead of failing. */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { isInClone, lockFolder, readCheckpoint } from "@landfall/tools/clone-state";
import type { Vendor } from "@landfall/infra/settings/tokens";
import { reachServers } from "@landfall/tools/identity";
import { noteOwnVolumes } from "@landfall/tools/own-volumes";
import { pendingVolumes } from "@landfall/tools/ownership";
import { isAlive } from "@landfall/tools/process";
import { pulumi, pulumiOutput } from "@landfall/tools/pulumi-command";
import { endLeftovers } from "./leftovers.ts";
import { orphans, removeOrphan, type Orphan } from "./orphans.ts";
import { madeUnnoted, withMade, type Unnoted } from "./pending-creates.ts";
import { stackFlags, type StackArguments } from "./stack-arguments.ts";
import { refreshTargets } from "./update.ts";

/** How long a killed engine may take to be gone. */
const dyingMilliseconds = 5000;

/**
 * Says what was left behind and removes it. Does nothing for a stack whose state lies elsewhere.
 *
 * @returns what Docker's engines were asked to make when the update was cut off. They go on making it although nobody
 * waits for it any more, and show it only when it is done, so it may turn up later still: see `removeOrphans`
 */
export async function recover(args: StackArguments): Promise<readonly Orphan[]> {
  const { stack } = args;
  if (!isInClone(stack)) return [];
  await waitForDying(stack);
  if (removeDeadLocks(stack) > 0) await endLeftovers();
  const checkpoint = readCheckpoint(stack);
  if (checkpoint === undefined || checkpoint.pending.length === 0) return [];
  const { pending } = checkpoint;
  console.error(
    `The last update of ${stack} was cut off while it worked on ${String(pending.length)} resources. Putting that right:`,
  );
  const asked = orphans(checkpoint);
  await removeOrphans(asked, stack);
  noteOwnVolumes(stack, pendingVolumes(checkpoint));
  const made = await madeUnnoted(checkpoint, (vendor) => vendorSettings(args, vendor));
  for (const { urn } of made)
    console.error(`  taking up ${urn.split("::").at(-1) ?? urn}, which was made and not noted`);
  if (made.length > 0) await note(stack, made);
  const targets = await refreshTargets(args);
  const refresh = ["refresh", "--clear-pending-creates", "--yes", "--skip-preview", ...targets];
  const code = await pulumi([...refresh, ...stackFlags(args)]);
  if (code !== 0)
    throw new Error(`The state of ${stack} could not be put right: see above. Then run the same command again.`);
  await removeOrphans(asked, stack);
  return asked;
}

/**
 * Removes those that are there and that the state does not know. A server that is gone, or that a new generation
 * replaces, must not bar the update that puts it right.
 *
 * @returns how many were there
 */
export async function removeOrphans(asked: readonly Orphan[], stack: string): Promise<number> {
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

/** A killed engine may take a moment to be gone; one that is still there after that is at work. */
async function waitForDying(stack: string): Promise<void> {
  const end = performance.now() + dyingMilliseconds;
  while (performance.now() < end && readLocks(stack).some(({ lock }) => isHeld(lock))) await pause(100);
}

/**
 * The engine locks a stack with a file that names its process. One that is gone will not come back for it.
 * @returns how many locks were removed
 * @throws when somebody is at work on the stack: what they have made and not noted yet must not be touched
 */
export function removeDeadLocks(stack: string): number {
  const folder = lockFolder(stack);
  const locks = readLocks(stack);
  for (const { name, lock } of locks) {
    if (isHeld(lock)) {
      throw new Error(
        `Process ${String(lock.pid)} of ${lock.username}@${lock.hostname} is at work on ${stack} since ${lock.timestamp}. ` +
          `Wait for it. If it is gone for certain, run: npx pulumi cancel ${stack}`,
      );
    }
    console.error(`Removing the lock of ${stack} that process ${String(lock.pid)} left behind at ${lock.timestamp}.`);
    for (const file of [name, `${name}.attrs`]) rmSync(join(folder, file), { force: true });
  }
  return locks.length;
}

function readLocks(stack: string): { name: string; lock: Lock }[] {
  const folder = lockFolder(stack);
  const names = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".json")) : [];
  return names.map((name) => ({ name, lock: JSON.parse(readFileSync(join(folder, name), "utf8")) as Lock }));
}

/** Whether the process of a lock may still be at work; that of another machine cannot be looked at. */
function isHeld({ hostname: host, pid }: Lock): boolean {
  return host !== hostname() || isEngine(pid);
}

interface Lock {
  pid: number;
  username: string;
  hostname: string;
  timestamp: string;
}

/** Numbers of processes are used again, so a living process must also be Pulumi's. */
function isEngine(pid: number): boolean {
  if (!isAlive(pid)) return false;
  const nameFile = `/proc/${String(pid)}/comm`;
  return !existsSync(nameFile) || readFileSync(nameFile, "utf8").trim() === "pulumi";
}
