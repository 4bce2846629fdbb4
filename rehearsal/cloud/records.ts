import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inTurn } from "../../tools/lock.ts";
import type { Cloud } from "./cloud.ts";

/** The file of a section of a cloud's records. */
function fileOf(cloud: Cloud, section: string): string {
  return join(cloud.folder, `${section}.json`);
}

/**
 * A section of what the cloud keeps between commands, for example `linode`.
 *
 * @param empty what a section holds that was never written
 */
export function readRecords<T>(cloud: Cloud, section: string, empty: T): T {
  const path = fileOf(cloud, section);
  if (!existsSync(path)) return empty;
  try {
    return JSON.parse(readFileSync(path, "utf8")) as T;
  } catch (error) {
    throw new Error(`${path} is damaged. Take the rehearsal of "${cloud.stack}" down and start it anew.`, {
      cause: error,
    });
  }
}

/** Replaces a section whole: a reader sees the old one or the new one. */
export function writeRecords(cloud: Cloud, section: string, records: unknown): void {
  const path = fileOf(cloud, section);
  const unfinished = `${path}.${String(process.pid)}`;
  writeFileSync(unfinished, `${JSON.stringify(records, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(unfinished, path);
}

/** Does some work on a cloud's records while no other process or call of this machine does. Not to be nested. */
export async function withCloudLock<T>(cloud: Cloud, work: () => Promise<T> | T): Promise<T> {
  return inTurn(join(cloud.folder, "lock"), async () => work());
}
