import { withoutOverlaps } from "../firewall/cidr.ts";

/**
 * Every network that holds none of the addresses of the given ones, in CIDR form: together with those it makes up both
 * families whole.
 *
 * @throws when one of them is no network
 */
export function networksBeside(networks: readonly string[]): string[] {
  const kept = withoutOverlaps(networks);
  return ([4, 6] as const).flatMap((family) => {
    const width = family === 4 ? 32 : 128;
    const gaps: string[] = [];
    let next = 0n;
    for (const { first, last } of kept.filter((network) => network.family === family)) {
      gaps.push(...cover(next, first, width));
      next = last + 1n;
    }
    return [...gaps, ...cover(next, 1n << BigInt(width), width)];
  });
}

/** The fewest networks that make up the addresses from `start` to before `end`; none is a whole family, for which Apache has no form. */
function cover(start: bigint, end: bigint, width: number): string[] {
  const networks: string[] = [];
  for (let at = start; at < end;) {
    let bits = 0n;
    while (bits < BigInt(width - 1) && at % (2n << bits) === 0n && at + (2n << bits) <= end) bits++;
    networks.push(`${addressText(at, width)}/${String(width - Number(bits))}`);
    at += 1n << bits;
  }
  return networks;
}

function addressText(number: bigint, width: number): string {
  const size = width === 32 ? 8n : 16n;
  const groups = Array.from({ length: width / Number(size) }, (_, index) => {
    const shift = BigInt(width) - size * BigInt(index + 1);
    return (number >> shift) & ((1n << size) - 1n);
  });
  if (width === 32) return groups.join(".");
  return new URL(`http://[${groups.map((group) => group.toString(16)).join(":")}]`).hostname.slice(1, -1);
}
