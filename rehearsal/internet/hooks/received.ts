import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Cloud } from "../../cloud/cloud.ts";

/** A webhook that was received. */
export interface ReceivedHook {
  /** Time in ISO 8601. */
  readonly at: string;
  /** Address of the sender. */
  readonly from: string;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** As text. */
  readonly body: string;
}

/** The webhooks that a cloud's internet has received at hooks.example.net, the oldest first. */
export function receivedHooks(cloud: Cloud): ReceivedHook[] {
  const path = join(cloud.folder, "internet", "hooks.jsonl");
  return existsSync(path) ? parseHooks(readFileSync(path, "utf8")) : [];
}

/** Reads one webhook a line. A line that is not whole yet is left out. */
export function parseHooks(text: string): ReceivedHook[] {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as ReceivedHook);
}
