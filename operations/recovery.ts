/** Puts a stack right whose last update was cut off, so that the next one goes on instead of failing. */
import { existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { isInClone, lockFolder, readCheckpoint, type Checkpoint } from "@landfall/tools/clone-state";
import { noteOwnVolumes } from "@landfall/tools/own-volumes";
import { pendingVolumes } from "@landfall/tools/ownership";
import { isAlive } from "@landfall/tools/process";
import { pulumi } from "@landfall/tools/pulumi-command";
import { endLeftovers } from "./leftovers.ts";
import { stackFlags, type StackArguments } from "./stack-arguments.ts";
import { takeUp } from "./take-up.ts";
import { refreshTargets } from "./update.ts";

/** How long a killed engine may take to be gone. */
const dyingMilliseconds = 5000;

/**
 * Says what was left behind and removes it. Does nothing for a stack whose state lies elsewhere.
 *
 * @returns the state as the update left it that was cut off, for what comes into being later still: see `takeUp`;
 * undefined when none was
 */
export async function recover(args: StackArguments): Promise<Checkpoint | undefined> {
  const { stack } = args;
  if (!isInClone(stack)) return undefined;
  await waitForDying(stack);
  if (removeDeadLocks(stack) > 0) await endLeftovers();
  const cutOff = readCheckpoint(stack);
  if (cutOff === undefined || cutOff.pending.length === 0) return undefined;
  console.error(
    `The last update of ${stack} was cut off while it worked on ${String(cutOff.pending.length)} resources. Putting that right:`,
  );
  noteOwnVolumes(stack, pendingVolumes(cutOff));
  await takeUp(cutOff, args);
  const targets = await refreshTargets(args);
  const refresh = ["refresh", "--clear-pending-creates", "--yes", "--skip-preview", ...targets];
  const code = await pulumi([...refresh, ...stackFlags(args)]);
  if (code !== 0)
    throw new Error(`The state of ${stack} could not be put right: see above. Then run the same command again.`);
  await takeUp(cutOff, args);
  return cutOff;
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
