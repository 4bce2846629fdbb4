/** An IPv4 network: `198.51.100.0/24`. One address alone counts as a /32. */
export type Ipv4Network = string;

interface Range {
  readonly first: number;
  readonly last: number;
}

/** An IPv4 address as a number; undefined for anything else. */
export function addressNumber(address: string): number | undefined {
  const parts = address.split(".");
  const numbers = parts.map(Number);
  const valid = parts.length === 4 && parts.every((part, at) => /^\d{1,3}$/.test(part) && (numbers[at] ?? 256) <= 255);
  return valid ? numbers.reduce((sum, number) => sum * 256 + number, 0) : undefined;
}

/** A number as an IPv4 address. */
export function addressText(number: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(number / 2 ** bits) % 256).join(".");
}

/** First and last address of a network as numbers; undefined where it is none. */
export function networkRange(network: Ipv4Network): Range | undefined {
  const [address = "", bits = "32", ...more] = network.split("/");
  const number = addressNumber(address);
  if (number === undefined || more.length > 0 || !/^\d{1,2}$/.test(bits) || Number(bits) > 32) return undefined;
  const size = 2 ** (32 - Number(bits));
  const first = Math.floor(number / size) * size;
  return { first, last: first + size - 1 };
}

/** Whether two networks have an address in common. */
export function networksOverlap(one: Ipv4Network, other: Ipv4Network): boolean {
  const [a, b] = [networkRange(one), networkRange(other)];
  return a !== undefined && b !== undefined && a.first <= b.last && b.first <= a.last;
}

/** The first address of a network that a machine can have. @throws when it is no network */
export function firstAddress(network: Ipv4Network): string {
  const range = networkRange(network);
  if (range === undefined) throw new Error(`"${network}" is not an IPv4 network such as 198.51.100.0/28.`);
  return addressText(range.last - range.first < 2 ? range.first : range.first + 1);
}
