import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { isAlive } from "./process.ts";

/** Milliseconds of waiting that nobody needs to be told of. */
const patience = 1000;

/**
 * Does some work while holding a lock file, so that two processes of this machine do not do it at once. A lock whose
 * process is gone is taken over.
 * @param path the lock file; holds the number of the process that has it
 */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  const began = performance.now();
  for (let told = false; !take(path);) {
    const holder = holderOf(path);
    if (holder !== undefined && !isAlive(holder)) {
      setAside(path);
      continue;
    }
    if (!told && performance.now() - began > patience) {
      console.error(`Waiting for process ${String(holder ?? "?")}, which does the same work (${path}) …`);
      told = true;
    }
    await pause(100);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

/** The last work of this process on each lock file. */
const turns = new Map<string, Promise<unknown>>();

/** Does some work while holding a lock file, after whatever this process does under it already. Not to be nested. */
export async function inTurn<T>(path: string, work: () => Promise<T>): Promise<T> {
  const before = turns.get(path) ?? Promise.resolve();
  const mine = before.then(() => withLock(path, work));
  turns.set(
    path,
    mine.catch(() => undefined),
  );
  return mine;
}

/** The file appears with its content, or not at all: whoever is killed in between leaves no lock that nobody has. */
function take(path: string): boolean {
  const own = `${path}.${String(process.pid)}`;
  writeFileSync(own, String(process.pid));
  try {
    return link(own, path);
  } finally {
    rmSync(own, { force: true });
  }
}

/** Takes a dead process' lock away. Another one may have done that already, and taken it: that one gets it back. */
function setAside(path: string): void {
  const aside = `${path}.${String(process.pid)}.dead`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (isCode(error, "ENOENT")) return;
    throw error;
  }
  const holder = holderOf(aside);
  if (holder !== undefined && isAlive(holder)) link(aside, path);
  rmSync(aside, { force: true });
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

function holderOf(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(path, "utf8"));
    return pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}
