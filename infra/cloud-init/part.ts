import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A file on a server. */
export interface ServerFile {
  readonly path: string;
  readonly content: string;
  /** As chmod takes it, four digits; 0644 when left out. */
  readonly permissions?: string;
}

/** What one concern asks of cloud-init: files first, then packages, then commands. */
export interface Part {
  readonly packages?: readonly string[];
  readonly files?: readonly ServerFile[];
  /** Commands of sh(1) that run as root once; one that fails fails the server. */
  readonly commands?: readonly string[];
}

/** A program of ours that the server gets, without its comments: user data has to be small. */
export function script(name: "landfall-data" | "landfall-firewall" | "landfall-inspect"): ServerFile {
  const content = readFileSync(join(import.meta.dirname, "scripts", name), "utf8");
  return { path: scriptPath(name), content: content.replaceAll(/^ *(#(?!!).*)?\n/gm, ""), permissions: "0755" };
}

/** Where a program of ours lies on a server. */
export function scriptPath(name: string): string {
  return `/usr/local/sbin/${name}`;
}
