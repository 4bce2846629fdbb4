import { BlockList, isIPv6 } from "node:net";
import { addAddressRange } from "../configuration/variables.ts";

/** Whether an address is one of the proxies in front of the service, whose forwarding headers count. */
export type IsTrustedProxy = (address: string) => boolean;

/** @param ranges addresses and CIDR ranges, checked by the configuration */
export function trustedProxies(ranges: readonly string[]): IsTrustedProxy {
  const trusted = new BlockList();
  for (const range of ranges) addAddressRange(trusted, range);
  return (address) => {
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, "");
    return trusted.check(plain, isIPv6(plain) ? "ipv6" : "ipv4");
  };
}
