import { createHmac } from "node:crypto";
import { isIPv6 } from "node:net";
import type { Redis } from "../redis.ts";

/** Failed sign-ins within the window that an address, and an account, may have. */
export interface AttemptLimits {
  readonly windowSeconds: number;
  readonly perAddress: number;
  readonly perAccount: number;
}

export interface Attempt {
  readonly address: string;
  /** The name or e-mail as it was typed. */
  readonly account: string;
}

export interface AttemptLimit {
  /** Counts an attempt before it is made; returns the seconds to wait when there were too many, else undefined. */
  begin(attempt: Attempt): Promise<number | undefined>;
  /** Takes a successful attempt out of the count, and the account's failures with it. */
  succeed(attempt: Attempt): Promise<void>;
}

// A school signs in from one address, so an address may fail often; the account is what guessing aims at.
const defaults: AttemptLimits = { windowSeconds: 900, perAddress: 100, perAccount: 10 };

/** The limit on sign-ins, counted in Redis for all instances. Names are kept hashed with the secret key. */
export function attemptLimit(redis: Redis, secretKey: string, limits: AttemptLimits = defaults): AttemptLimit {
  const keys = ({ address, account }: Attempt) => ({
    address: `sign-in:address:${addressBlock(address)}`,
    account: `sign-in:account:${createHmac("sha256", secretKey).update(account.normalize("NFKC").toLowerCase()).digest("base64url")}`,
  });
  const count = async (key: string, most: number): Promise<number> => {
    const [attempts, , left] = await redis.ask((client) =>
      client.multi().incr(key).expire(key, limits.windowSeconds, "NX").ttl(key).execTyped(),
    );
    return attempts > most ? Math.max(left, 1) : 0;
  };
  return {
    async begin(attempt) {
      const { address, account } = keys(attempt);
      const waits = await Promise.all([count(address, limits.perAddress), count(account, limits.perAccount)]);
      const wait = Math.max(...waits);
      return wait === 0 ? undefined : wait;
    },
    async succeed(attempt) {
      const { address, account } = keys(attempt);
      await redis.ask((client) =>
        client.multi().decr(address).expire(address, limits.windowSeconds, "NX").del(account).exec(),
      );
    },
  };
}

/** What counts as one address: an IPv4 address, or an IPv6 network of 64 bits, as one customer has. */
export function addressBlock(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !isIPv6(address)) return mapped ?? address;
  const [head = "", tail] = address.replace(/%.*$/, "").split("::");
  const front = head === "" ? [] : head.split(":");
  const back = tail === undefined || tail === "" ? [] : tail.split(":");
  const groups =
    tail === undefined ? front : [...front, ...Array<string>(8 - front.length - back.length).fill("0"), ...back];
  return groups
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ""))
    .join(":");
}
