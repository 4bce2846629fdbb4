import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addressOf, edgeNetworks, places, rootsFile, type Cloud } from "../cloud/cloud.ts";
import { removeContainer, startContainer, type ContainerSpec } from "../cloud/container.ts";
import { imageOf } from "../cloud/images.ts";
import { inspectNetwork, publicNetwork } from "../cloud/network.ts";
import { withCloudLock } from "../cloud/records.ts";
import { buildImages } from "../images/build.ts";
import { dnsToken, linodeDnsToken, type Account } from "./account.ts";
import { openAuthorities } from "./authorities.ts";
import { internetImage } from "./image.ts";
import { linodeZones as linodeOwnZones } from "./names/linode.ts";
import { resolverConfiguration } from "./names/unbound.ts";
import { vendorZones } from "./names/vendor-zones.ts";
import { originRootsFile } from "./origin-roots.ts";
import { folder as folderInside, scratchFolder } from "./places.ts";
import { awaitInternet } from "./wait.ts";
import { zonesKept } from "./zones-kept.ts";

/** What the internet of a cloud is to have. */
export interface InternetRequest {
  /** Names of the zones that Cloudflare answers for, for example `["example.com"]`. Its account keeps earlier ones, too. */
  readonly zones: readonly string[];
  /** Names of the domains that are delegated to Linode's name servers. */
  readonly linodeZones?: readonly string[];
  /** Seconds that certificates hold that are issued over ACME; 90 days when it is left out, as Let's Encrypt's. */
  readonly certificateSeconds?: number;
}

const usualCertificateSeconds = 90 * 24 * 60 * 60;

/** The containers that the internet consists of. */
export const internetNouns = ["resolver", "cloudflare", "linode-names", "acme", "hooks"] as const;

/**
 * Lets the internet of a cloud run: the resolver, Cloudflare with its DNS, its API and its edge, Linode's name servers,
 * the ACME servers, and a receiver of webhooks.
 * Writes the cloud's trust roots. Does nothing where it runs already; records and settings outlive it. The public
 * network must be there.
 *
 * @throws when a part does not answer within its time, with the last lines that it printed
 */
export async function startInternet(cloud: Cloud, request: InternetRequest): Promise<void> {
  if ((await inspectNetwork(publicNetwork(cloud))) === undefined) {
    throw new Error(`The rehearsal cloud of "${cloud.stack}" has no public network yet, which must be made first.`);
  }
  await buildImages(cloud, [internetImage]);
  await withCloudLock(cloud, async () => {
    const specs = await prepare(cloud, request);
    await Promise.all(specs.map((spec) => startContainer(cloud, spec)));
  });
  await awaitInternet(cloud, request.zones);
}

/** Ends the internet of a cloud. Its records and keys stay in the cloud's folder. */
export async function stopInternet(cloud: Cloud): Promise<void> {
  await Promise.all(internetNouns.map((noun) => removeContainer(cloud, noun)));
}

async function prepare(cloud: Cloud, request: InternetRequest): Promise<ContainerSpec[]> {
  const folder = join(cloud.folder, "internet");
  const authorityFolder = join(folder, "authorities");
  for (const one of [authorityFolder, join(folder, "linode")]) mkdirSync(one, { recursive: true, mode: 0o700 });
  const authorities = await openAuthorities(authorityFolder);
  const roots = [authorities.internet, authorities.issuance].map(({ certificate }) => certificate.trim());
  keep(rootsFile(cloud), `${roots.join("\n")}\n`, 0o644);
  const originRoots = [authorities.originRsa, authorities.originEcc].map(({ certificate }) => certificate.trim());
  keep(originRootsFile(cloud), `${originRoots.join("\n")}\n`, 0o644);
  const accountFile = join(folder, "account.json");
  const account = accountOf(cloud, { ...request, zones: zonesKept(accountFile, request.zones) });
  const described = JSON.stringify(account, undefined, 2);
  keep(accountFile, `${described}\n`, 0o600);
  const resolver = resolverConfiguration({ stubs: stubsOf(account, request.linodeZones ?? []) });
  keep(join(folder, "unbound.conf"), resolver, 0o644);
  const settled = createHash("sha256").update(described).update(resolver).digest("hex");
  const mount = `${folder}:${folderInside}`;
  const program = (part: string): string[] => ["node", "/srv/main.mjs", part];
  const made = (spec: Pick<ContainerSpec, "noun" | "address" | "command" | "mounts">): ContainerSpec => ({
    ...spec,
    image: imageOf(cloud, internetImage.name),
    command: [...asOwner(), ...(spec.command ?? [])],
    labels: { "landfall.rehearsal.settings": settled },
    settings: hostSettings,
  });
  const { settings } = made({ noun: "resolver" });
  return [
    {
      ...made({
        noun: "resolver",
        address: account.resolver,
        command: ["unbound", "-d", "-c", `${folderInside}/unbound.conf`],
        mounts: [`${mount}:ro`],
      }),
      // What is not the cloud's it asks Docker's own resolver, which asks the machine's.
      settings: { ...settings, Dns: [] },
    },
    made({ noun: "cloudflare", address: account.edge, command: program("cloudflare"), mounts: [mount] }),
    made({
      noun: "linode-names",
      address: account.linodeNames,
      command: program("linode-names"),
      mounts: [mount],
    }),
    made({ noun: "hooks", address: account.hooks, command: program("hooks"), mounts: [mount] }),
    made({ noun: "acme", address: account.authority, command: program("acme"), mounts: [`${mount}:ro`] }),
  ];
}

const hostSettings = {
  Tmpfs: { [scratchFolder]: "mode=1777" },
  CapDrop: ["ALL"],
  CapAdd: ["SETUID", "SETGID"],
  SecurityOpt: ["no-new-privileges"],
  Sysctls: { "net.ipv4.ip_unprivileged_port_start": "0" },
  Init: true,
  RestartPolicy: { Name: "on-failure", MaximumRetryCount: 5 },
};

/** The programs run as who owns the cloud's folder, so that they may read its keys and he may remove their files. */
function asOwner(): string[] {
  const [user, group] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  return ["setpriv", `--reuid=${String(user)}`, `--regid=${String(group)}`, "--clear-groups"];
}

/** The authoritative servers by the zones that are delegated to them. */
function stubsOf(account: Account, delegated: readonly string[]): Record<string, string> {
  const atCloudflare = [...account.zones, ...Object.keys(vendorZones(account))];
  const atLinode = [...delegated, ...linodeOwnZones];
  return Object.fromEntries([
    ...atCloudflare.map((zone) => [zone, account.edge] as const),
    ...atLinode.map((zone) => [zone, account.linodeNames] as const),
  ]);
}

function accountOf(cloud: Cloud, request: InternetRequest): Account {
  return {
    zones: request.zones,
    tokens: { full: cloud.tokens.cloudflare, dns: dnsToken(cloud), linodeDns: linodeDnsToken(cloud) },
    edge: addressOf(cloud, places.edge),
    authority: addressOf(cloud, places.pebble),
    resolver: addressOf(cloud, places.resolver),
    networks: edgeNetworks(cloud),
    linodeNames: addressOf(cloud, places.linodeNames),
    hooks: addressOf(cloud, places.hooks),
    certificateSeconds: request.certificateSeconds ?? usualCertificateSeconds,
  };
}

/** Writes a file unless it holds that already. In place, since containers have it mounted. */
function keep(path: string, content: string, mode: number): void {
  if (existsSync(path) && readFileSync(path, "utf8") === content) return;
  writeFileSync(path, content, { mode });
}
