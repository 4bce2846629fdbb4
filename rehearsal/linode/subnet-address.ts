import { addressNumber, addressText, networkRange, networksOverlap } from "../cloud/subnet.ts";
import type { Fault } from "../plugin/resource.ts";
import { UNKNOWN } from "../plugin/values.ts";
import type { Account, SubnetRecord } from "./account.ts";
import { refusal } from "./account.ts";

/** The networks of RFC 1918, of which a VPC's subnets are parts. */
const privateNetworks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/** The vendor's own: https://techdocs.akamai.com/cloud-computing/docs/vpc#valid-ipv4-ranges-for-a-subnet */
const vendorsNetwork = "192.168.128.0/17";

/** Holds a subnet's range against the vendor's rules. */
export function checkSubnetRange(ipv4: unknown): Fault[] {
  if (typeof ipv4 !== "string" || ipv4 === UNKNOWN) return [];
  const fault = (reason: string): Fault[] => [{ property: "ipv4", reason: `"${ipv4}" ${reason}` }];
  const range = networkRange(ipv4);
  const bits = Number(ipv4.split("/")[1]);
  if (range === undefined || !ipv4.includes("/"))
    return fault("must be a range of IPv4 addresses such as 10.77.0.0/24");
  if (addressNumber(ipv4.split("/")[0] ?? "") !== range.first) return fault("has host bits set");
  if (bits < 8 || bits > 29) return fault("must be between a /8 and a /29");
  if (!privateNetworks.some((network) => isInside(ipv4, network))) return fault("must be of RFC 1918's private ranges");
  return networksOverlap(ipv4, vendorsNetwork) ? fault(`overlaps with ${vendorsNetwork}, which the vendor keeps`) : [];
}

/**
 * Takes an address of a subnet for a server.
 *
 * @param wanted the first free one when left out
 * @throws the vendor's refusal when the address is outside, kept by the vendor, or another server's
 */
export function claimAddress(account: Account, subnet: SubnetRecord, wanted?: string): string {
  const range = networkRange(subnet.ipv4);
  if (range === undefined) throw refusal(400, `Subnet ${subnet.ipv4} is no range of addresses`);
  const taken = new Set(
    account.instances.flatMap(({ vpc }) => (vpc?.subnetId === subnet.id ? [addressNumber(vpc.address)] : [])),
  );
  // The vendor keeps the first two addresses and the last two.
  const [lowest, highest] = [range.first + 2, range.last - 2];
  if (wanted === undefined) {
    for (let number = lowest; number <= highest; number += 1) {
      if (!taken.has(number)) return addressText(number);
    }
    throw refusal(400, `Subnet ${subnet.ipv4} has no free address`, "interfaces");
  }
  const number = addressNumber(wanted);
  if (number === undefined || number < range.first || number > range.last) {
    throw refusal(400, `${wanted} must be within the range of subnet ${subnet.label}, ${subnet.ipv4}`, "ipv4.vpc");
  }
  if (number < lowest || number > highest) {
    throw refusal(400, `${wanted} is reserved: the first two and the last two addresses of a subnet are`, "ipv4.vpc");
  }
  if (taken.has(number)) throw refusal(400, `${wanted} is already in use by another Linode`, "ipv4.vpc");
  return wanted;
}

function isInside(part: string, whole: string): boolean {
  const [inner, outer] = [networkRange(part), networkRange(whole)];
  return inner !== undefined && outer !== undefined && inner.first >= outer.first && inner.last <= outer.last;
}
