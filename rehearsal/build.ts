import { writeFileSync } from "node:fs";
import { dnsToken, linodeDnsToken } from "./internet/account.ts";
import { hooksName } from "./internet/names/vendor-zones.ts";
import { startInternet } from "./internet/start.ts";
import type { Settings } from "../infra/settings/settings.ts";
import type { Cloud } from "./cloud/cloud.ts";
import { ensurePublicNetwork } from "./cloud/network.ts";
import { balancerImage } from "./balancer/image.ts";
import { databaseImage } from "./database/image.ts";
import { buildImages, machineImage, serverImage, type RehearsalImage } from "./images/build.ts";
import { storageImage } from "./storage/image.ts";
import { isBalanced } from "../infra/firewall/intent.ts";
import { pulumiOnCloud, runOnCloud } from "./process.ts";
import { ensureDomain } from "./linode/domain-names.ts";
import { rehearsedFile, takeSettings, type SettingsSource } from "./settings.ts";

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
export function requireRehearsable(source: Omit<SettingsSource, "secretOf">): void {
  const { settings } = takeSettings({ ...source, secretOf: () => undefined });
  if (settings.servers.some(({ platform }) => platform !== "linode")) {
    throw new Error(
      `${source.stack} runs on the Docker engine at hand, so there is no cloud to rehearse it on: npm start brings it up.`,
    );
  }
}

/**
 * Builds an environment on a cloud, or brings it up to date: the very program, from the very settings file.
 *
 * @param source the settings file, if it is not the stack's own, and how many servers of a role
 */
export async function buildEnvironment(
  cloud: Cloud,
  source: Pick<SettingsSource, "file" | "servers">,
): Promise<BuiltEnvironment> {
  const tokens: Readonly<Record<string, string>> = {
    "secrets.cloudflare.dnsToken": dnsToken(cloud),
    "secrets.linode.dnsToken": linodeDnsToken(cloud),
    "secrets.alerts.webhook": `https://${hooksName}/alerts`,
  };
  const { text, settings, secrets } = takeSettings({ ...source, stack: cloud.stack, secretOf: (path) => tokens[path] });
  const file = rehearsedFile(cloud);
  writeFileSync(file, text);
  await buildImages(cloud, imagesFor(settings));
  await ensurePublicNetwork(cloud, settings.access.networks);
  const { dns } = settings;
  await startInternet(cloud, {
    zones: dns.provider === "cloudflare" ? [dns.zone] : [],
    linodeZones: dns.provider === "linode" ? [dns.zone] : [],
  });
  // A domain that the program only looks for is in the account already.
  if (dns.provider === "linode" && dns.createZone === undefined) await ensureDomain(cloud, dns.zone);
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

/** The images behind all that the settings ask of the vendors. */
function imagesFor(settings: Settings): RehearsalImage[] {
  const { postgres, storage } = settings;
  return [
    machineImage,
    serverImage,
    ...(isBalanced(settings) ? [balancerImage] : []),
    ...([postgres.platform, postgres.moveFrom].includes("managed") ? [databaseImage] : []),
    ...(storage.provider === "linode" ? [storageImage] : []),
  ];
}
