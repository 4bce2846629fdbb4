import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { z } from "zod";
import { cloneHome } from "../../tools/paths.ts";
import type { Cloud } from "./cloud.ts";

/** Name of the environment variable that holds a cloud's folder; without it no stand-in starts. */
export const folderVariable = "LANDFALL_REHEARSAL";
/** Name of the environment variable for the first three numbers of the public network, where the default is taken. */
export const prefixVariable = "LANDFALL_REHEARSAL_PREFIX";

const defaultPrefix = "198.51.100";
const describedIn = "cloud.json";

const cloudFile = z.object({
  stack: z.string(),
  prefix: z.string(),
  tokens: z.object({ linode: z.string(), cloudflare: z.string() }),
});

/** The folder of the cloud on which a stack is rehearsed, whether it is there or not. */
export function folderOf(stack: string): string {
  return join(cloneHome, "rehearsal", "clouds", stack);
}

/**
 * The cloud on which a stack is rehearsed. Makes its folder and its tokens on first use.
 *
 * @throws when the stack's name or the prefix of the environment cannot be used, or when the cloud has resources on
 * another public network than the environment asks for
 */
export function openCloud(stack: string): Promise<Cloud> {
  return Promise.resolve().then(() => {
    checkStack(stack);
    const folder = folderOf(stack);
    const wanted = process.env[prefixVariable];
    if (wanted !== undefined) checkPrefix(wanted);
    const known = existsSync(join(folder, describedIn)) ? readCloud(folder) : undefined;
    if (known !== undefined && (wanted === undefined || wanted === known.prefix)) return known;
    if (known !== undefined && readdirSync(folder).length > 1) {
      throw new Error(
        `The rehearsal cloud of "${stack}" is in use on ${known.prefix}.0/24, and ${prefixVariable} asks for ` +
          `${String(wanted)}.0/24. Take it down first, or unset ${prefixVariable}.`,
      );
    }
    const cloud = { stack, prefix: wanted ?? defaultPrefix, tokens: known?.tokens ?? makeTokens() };
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const unfinished = join(folder, `${describedIn}.${String(process.pid)}`);
    writeFileSync(unfinished, `${JSON.stringify(cloud, undefined, 2)}\n`, { mode: 0o600 });
    renameSync(unfinished, join(folder, describedIn));
    return { ...cloud, folder };
  });
}

/**
 * The cloud that this process works for, by its environment.
 *
 * @throws when the environment names none: nothing of a rehearsal may run by accident
 */
export function cloudOfEnvironment(): Cloud {
  const folder = process.env[folderVariable];
  if (folder === undefined || folder === "") {
    throw new Error(
      `${folderVariable} is not set: this stands in for a vendor in a rehearsal and serves nothing else. ` +
        'Start it by "npm run rehearse".',
    );
  }
  if (!isAbsolute(folder) || !existsSync(join(folder, describedIn))) {
    throw new Error(
      `${folderVariable} is "${folder}", which is not the folder of a rehearsal cloud. ` +
        'Start it by "npm run rehearse".',
    );
  }
  return readCloud(folder);
}

function readCloud(folder: string): Cloud {
  const path = join(folder, describedIn);
  const parsed = cloudFile.safeParse(JSON.parse(readFileSync(path, "utf8")));
  if (!parsed.success) throw new Error(`${path} does not describe a rehearsal cloud: ${parsed.error.message}`);
  return { ...parsed.data, folder };
}

function makeTokens(): Cloud["tokens"] {
  const token = (): string => `rehearsal-${randomBytes(24).toString("hex")}`;
  return { linode: token(), cloudflare: token() };
}

/** A stack's name becomes part of the names of containers, networks and packet filter tables. */
function checkStack(stack: string): void {
  if (/^[a-z][a-z0-9-]{0,30}$/.test(stack)) return;
  throw new Error(
    `"${stack}" cannot be rehearsed: a name of at most 31 lower-case letters, digits and hyphens is needed.`,
  );
}

function checkPrefix(prefix: string): void {
  const numbers = prefix.split(".").map(Number);
  const valid = /^\d{1,3}(\.\d{1,3}){2}$/.test(prefix) && numbers.every((number) => number <= 255);
  if (!valid) {
    throw new Error(`${prefixVariable} is "${prefix}"; it must be the first three numbers of a network: 198.51.100.`);
  }
}
