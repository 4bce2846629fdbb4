import { BlockList, isIPv4 } from "node:net";
import type { Cloud } from "../cloud/cloud.ts";

declare const guarded: unique symbol;

/** An address that was found to be of the rehearsal. Every probe takes these only. */
export type Target = string & { readonly [guarded]: true };

/**
 * Admits the addresses of a rehearsal's own networks and no others: what is scanned and broken into must be ours.
 *
 * @param privateNetworks the servers' private networks in CIDR form; all of them within 10.0.0.0/8
 * @throws when the address lies elsewhere, or when a private network is none
 */
export function ownTarget(cloud: Cloud, privateNetworks: readonly string[], address: string): Target {
  const own = networkList([`${cloud.prefix}.0/24`, ...privateNetworks.filter(isPrivate)]);
  if (isIPv4(address) && own.check(address)) return address as Target;
  throw new Error(
    `${address} is not of the rehearsal's networks (${cloud.prefix}.0/24, ${privateNetworks.join(", ")}), so it is not probed.`,
  );
}

/** Networks in CIDR form as a list that can be asked. IPv6 ones are left out. */
export function networkList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", bits = "32"] = network.split("/");
    if (isIPv4(address)) list.addSubnet(address, Number(bits));
  }
  return list;
}

function isPrivate(network: string): boolean {
  const [address = "", bits = "0"] = network.split("/");
  return networkList(["10.0.0.0/8"]).check(address) && Number(bits) >= 8;
}
