import type Docker from "dockerode";
import { networkInterfaces } from "node:os";
import { openEngine } from "../../tools/engine.ts";
import { labelsOf, nameOf, type Cloud } from "../cloud/cloud.ts";
import { inspectNetwork, overlappingNetworks } from "../cloud/network.ts";
import { networksOverlap } from "../cloud/subnet.ts";
import type { Account } from "./account.ts";

/** Name of the environment variable for the first three numbers of the private network, in place of a free one. */
export const privatePrefixVariable = "LANDFALL_REHEARSAL_PRIVATE_PREFIX";

/**
 * The addresses from which NodeBalancers ask their nodes.
 * https://techdocs.akamai.com/cloud-computing/docs/nodebalancer-backends
 */
export const balancerNetwork = "192.168.255.0/24";

/**
 * The vendor's private network is 192.168.128.0/17. A cloud has one /24 of it, so that several clouds fit on a machine.
 * Docker hands out its own networks from 192.168.0.0 upwards, so the search begins at the other end.
 */
const candidates = Array.from({ length: 127 }, (_, at) => `192.168.${String(254 - at)}`);

/**
 * Name of the Docker network that is the private network. Docker leads a container's traffic to the internet over the
 * first network by name, which must stay the public one.
 */
export function privateNetwork(cloud: Cloud): string {
  return nameOf(cloud, "vendor-private");
}

/** The private network that an address is in: `192.168.254.0/24`. */
export function privateRange(account: Account): string | undefined {
  return account.privatePrefix === undefined ? undefined : `${account.privatePrefix}.0/24`;
}

/** A private address with the same last number as a public one: both are then unique. */
export function privateAddressOf(prefix: string, publicAddress: string): string {
  return `${prefix}.${publicAddress.split(".").at(-1) ?? ""}`;
}

/**
 * Makes the private network unless it is there, and notes its addresses.
 *
 * @returns the first three numbers of its addresses
 * @throws when no addresses are free, or those that the environment asks for are not
 */
export async function ensurePrivateNetwork(cloud: Cloud, account: Account): Promise<string> {
  const name = privateNetwork(cloud);
  const known = await inspectNetwork(name);
  if (known !== undefined) {
    // A call that was killed has made it and not noted it.
    account.privatePrefix ??= prefixOf(known);
    return account.privatePrefix;
  }
  const wanted = account.privatePrefix ?? process.env[privatePrefixVariable];
  const prefix = await firstFree(wanted === undefined ? candidates : [wanted]);
  if (prefix === undefined) {
    const what = wanted === undefined ? "192.168.128.0/17" : `${wanted}.0/24`;
    throw new Error(
      `The rehearsal's private network has no addresses: Docker or this machine uses all of ${what}. ` +
        `Remove a network, or set ${privatePrefixVariable} to three numbers of 192.168.128-254, for example 192.168.200.`,
    );
  }
  await openEngine().createNetwork({
    Name: name,
    CheckDuplicate: true,
    Driver: "bridge",
    IPAM: { Driver: "default", Config: [{ Subnet: `${prefix}.0/24` }] },
    // Docker drops what comes from other addresses than a closed network's own, and NodeBalancers have others. Without
    // masquerading this one leads nowhere either.
    Options: { "com.docker.network.bridge.enable_ip_masquerade": "false" },
    Labels: labelsOf(cloud),
  });
  account.privatePrefix = prefix;
  return prefix;
}

function prefixOf({ Name, IPAM }: Docker.NetworkInspectInfo): string {
  const prefix = /^(192\.168\.\d+)\.0\/24$/.exec(IPAM?.Config?.[0]?.Subnet ?? "")?.[1];
  if (prefix !== undefined) return prefix;
  throw new Error(`The network ${Name} is not one of a rehearsal's. Remove it.`);
}

async function firstFree(prefixes: readonly string[]): Promise<string | undefined> {
  const own = Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ cidr }) => cidr));
  for (const prefix of prefixes) {
    const range = `${prefix}.0/24`;
    const isOwn = own.some((cidr) => cidr !== null && !cidr.includes(":") && networksOverlap(cidr, range));
    if (!isOwn && (await overlappingNetworks(range)).length === 0) return prefix;
  }
  return undefined;
}
