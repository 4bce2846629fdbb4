import { writeFileSync } from "node:fs";
import { dnsToken } from "./internet/account.ts";
import { startInternet } from "./internet/start.ts";
import type { Settings } from "../infra/settings/settings.ts";
import type { Cloud } from "./cloud/cloud.ts";
import { ensurePublicNetwork } from "./cloud/network.ts";
import { buildImages, machineImage, serverImage } from "./images/build.ts";
import { pulumiOnCloud, runOnCloud } from "./process.ts";
import { rehearsedFile, takeSettings } from "./settings.ts";

/** Settings and how the update with them ended. */
export interface BuiltEnvironment {
  readonly settings: Settings;
  /** Exit code of the update. */
  readonly code: number;
}

/**
 * Sees to it that a stack's settings can be rehearsed, before there is a cloud.
 *
 * @throws with all that is wrong with them, or when they call for no cloud
 */
export function requireRehearsable(stack: string, configFile: string | undefined): void {
  const { settings } = takeSettings(stack, configFile, () => undefined);
  if (settings.servers.some(({ platform }) => platform !== "linode")) {
    throw new Error(
      `${stack} runs on the Docker engine at hand, so there is no cloud to rehearse it on: npm start brings it up.`,
    );
  }
}

/**
 * Builds an environment on a cloud, or brings it up to date: the very program, from the very settings file.
 *
 * @param configFile a settings file in place of the stack's own
 */
export async function buildEnvironment(cloud: Cloud, configFile: string | undefined): Promise<BuiltEnvironment> {
  const tokens: Readonly<Record<string, string>> = { "secrets.cloudflare.dnsToken": dnsToken(cloud) };
  const { text, settings, secrets } = takeSettings(cloud.stack, configFile, (path) => tokens[path]);
  const file = rehearsedFile(cloud);
  writeFileSync(file, text);
  await buildImages(cloud, [machineImage, serverImage]);
  await ensurePublicNetwork(cloud, settings.access.networks);
  await startInternet(cloud, { zones: settings.dns.provider === "cloudflare" ? [settings.dns.zone] : [] });
  for (const [path, value] of Object.entries(secrets)) {
    await pulumiOnCloud(cloud, [
      "config",
      "set",
      "--secret",
      "--path",
      `landfall:${path}`,
      value,
      "--config-file",
      file,
    ]);
  }
  const code = await runOnCloud(cloud, "operations/start.ts", ["--stack", cloud.stack, "--config-file", file]);
  return { settings, code };
}
