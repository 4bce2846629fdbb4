/**
 * Addresses on the private network. A server and its next generation stand side by side for a while, so each server has
 * two, the second 128 above the first, and its generations take turns. What may come in is admitted from both.
 */
const apart = 128;
/** Linode keeps the first two and the last two addresses of a subnet: https://techdocs.akamai.com/cloud-computing/docs/vpc */
const [least, most] = [2, 125] as const;

/** Whether an address can be the first of a server's two: its last part is 2 to 125. */
export function isFirstAddress(address: string): boolean {
  const last = Number(address.split(".")[3]);
  return Number.isInteger(last) && last >= least && last <= most;
}

/** Both addresses of a server. */
export function bothAddresses(first: string): [string, string] {
  const [a = "", b = "", c = "", d = ""] = first.split(".");
  return [first, [a, b, c, String(Number(d) + apart)].join(".")];
}

/** The address of a server's generation: the first for odd generations, the second for even ones. */
export function addressOfGeneration(first: string, generation: number): string {
  return bothAddresses(first)[generation % 2 === 1 ? 0 : 1];
}
