import { isIPv4, isIPv6 } from "node:net";

/** A network as a range of addresses. */
export interface Network {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
  /** In CIDR form, lower case. */
  readonly text: string;
}

/** Every address there is, in both families. */
export const anywhere: readonly string[] = ["0.0.0.0/0", "::/0"];

/**
 * Reads a network in CIDR form.
 *
 * @throws when it is none, or when its address is not the network's first: vendors write such a network in another way
 */
export function parseNetwork(text: string): Network {
  const [address = "", prefix = "", rest] = text.toLowerCase().split("/");
  const family = isIPv4(address) ? 4 : isIPv6(address) && !address.includes(".") ? 6 : undefined;
  const width = family === 4 ? 32 : 128;
  if (family === undefined || rest !== undefined || !/^\d{1,3}$/.test(prefix) || Number(prefix) > width) {
    throw new Error(`"${text}" is no network; write one such as "203.0.113.0/24" or "2001:db8::/32".`);
  }
  const size = 1n << BigInt(width - Number(prefix));
  const number = family === 4 ? fromGroups(address.split("."), 10) : fromGroups(fullGroups(address), 16);
  if (number % size !== 0n) {
    throw new Error(
      `"${text}" is an address within a network; write "${address}/${String(width)}" for that address alone, ` +
        `or the network's first address with /${prefix}.`,
    );
  }
  return { family, first: number, last: number + size - 1n, text: `${address}/${prefix}` };
}

/** Whether a text is a network as `parseNetwork` takes it. */
export function isNetwork(text: string): boolean {
  try {
    parseNetwork(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether a network holds an address of either family. */
export function isWithin(address: string, network: string): boolean {
  const one = parseNetwork(`${address}/${isIPv4(address) ? "32" : "128"}`);
  const { family, first, last } = parseNetwork(network);
  return one.family === family && one.first >= first && one.last <= last;
}

/** The same networks, sorted, without those that another one holds: nftables takes no set with overlaps. */
export function withoutOverlaps(networks: readonly string[]): Network[] {
  const sorted = networks.map(parseNetwork).sort(byFamilyThenSize);
  const kept: Network[] = [];
  for (const one of sorted) {
    const held = kept.some(
      ({ family, first, last }) => family === one.family && first <= one.first && last >= one.last,
    );
    if (!held) kept.push(one);
  }
  return kept.sort((a, b) => a.family - b.family || (a.first < b.first ? -1 : 1));
}

function byFamilyThenSize(a: Network, b: Network): number {
  return (
    a.family - b.family || Number(b.last - b.first > a.last - a.first) - Number(b.last - b.first < a.last - a.first)
  );
}

function fromGroups(groups: readonly string[], radix: 10 | 16): bigint {
  const width = radix === 10 ? 8n : 16n;
  return groups.reduce((sum, group) => (sum << width) | BigInt(Number.parseInt(group, radix)), 0n);
}

/** The eight groups of an IPv6 address, with those that `::` stands for. */
function fullGroups(address: string): string[] {
  const [before = "", after] = address.split("::");
  const head = before === "" ? [] : before.split(":");
  if (after === undefined) return head;
  const tail = after === "" ? [] : after.split(":");
  return [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => "0"), ...tail];
}
