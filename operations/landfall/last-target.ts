import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cloneHome } from "@landfall/tools/paths";

const place = join(cloneHome, "last-target");

/** The target of this clone's last move, as a URL without its password; undefined before any. */
export const lastTarget = (path = place): string | undefined =>
  existsSync(path) ? readFileSync(path, "utf8").trim() || undefined : undefined;

/** Remembers a target's URL, which must be without its password already, for commands that only read. */
export function rememberTarget(shown: string, path = place): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${shown}\n`, { mode: 0o600 });
  chmodSync(path, 0o600);
}
