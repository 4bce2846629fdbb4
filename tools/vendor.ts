import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";

/** Where Pulumi's releases lie: `sdk/` has the command line, `plugins/` the providers. A mirror can be named instead. */
const mirror = process.env["LANDFALL_PULUMI_RELEASES"];
const releases = mirror ?? "https://get.pulumi.com/releases";

/** What makes the engine fetch plugins from the mirror, if there is one. */
export const mirrorFlags: readonly string[] = mirror === undefined ? [] : ["--server", `${mirror}/plugins`];

/** How long a vendor's server may take to answer before we take the other way, in milliseconds. */
const PATIENCE = 4000;

/** How long a whole download may take, in milliseconds. */
const DOWNLOAD_LIMIT = 15 * 60_000;

/** The vendor's download of the command line for this platform. */
export function cliUrl(version: string): string {
  return `${releases}/sdk/pulumi-v${version}-${process.platform}-${process.arch}.tar.gz`;
}

/** The vendor's download of a provider plugin for this platform. */
export function pluginUrl(name: string, version: string): string {
  const arch = process.arch === "x64" ? "amd64" : process.arch;
  return `${releases}/plugins/pulumi-resource-${name}-v${version}-${process.platform}-${arch}.tar.gz`;
}

/** Whether a download can be had from here, now. Asked anew each time: a network that was closed may be open today. */
export async function canBeHad(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(PATIENCE) });
    return response.ok;
  } catch {
    return false;
  }
}

/** Downloads a file. @throws when the server does not give it whole */
export async function download(url: string, path: string): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(DOWNLOAD_LIMIT) });
  if (!response.ok || response.body === null) throw new Error(`${url} answered ${String(response.status)}.`);
  await pipeline(response.body, createWriteStream(path));
}
