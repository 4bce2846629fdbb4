import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Cloud } from "../cloud/cloud.ts";
import type { ApiFault } from "../cloud/faults.ts";

/** The file in the internet's folder that tells how Cloudflare's API fails. */
export const faultsFile = "faults.json";

/**
 * Lets Cloudflare's API fail for programs that use the token for DNS, such as one that proves its domains, instead of
 * the faults before. What Pulumi does is met by the faults of `rehearsal/cloud/faults.ts`.
 */
export function breakDnsApi(cloud: Cloud, faults: readonly ApiFault[]): void {
  const path = pathOf(cloud);
  writeFileSync(`${path}.new`, JSON.stringify(faults), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** Ends the faults of `breakDnsApi`. */
export function mendDnsApi(cloud: Cloud): void {
  rmSync(pathOf(cloud), { force: true });
}

function pathOf(cloud: Cloud): string {
  return join(cloud.folder, "internet", faultsFile);
}

/** The text of the faults in a folder; empty when there are none. */
export function readFaults(folder: string): string {
  const path = join(folder, faultsFile);
  return existsSync(path) ? readFileSync(path, "utf8") : "[]";
}
