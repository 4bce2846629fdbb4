import { timingSafeEqual } from "node:crypto";
import type { Account } from "../account.ts";
import { refused, type Answer } from "./envelope.ts";

/** What a request wants to do. */
export type Permission =
  "zone:read" | "dns:edit" | "settings:edit" | "rulesets:edit" | "certificates:edit" | "token:verify";

const ofDnsToken: readonly Permission[] = ["zone:read", "dns:edit", "token:verify"];

/** Words for a permission that a token lacks, where they are not the usual ones. */
const lacks: Partial<Record<Permission, { code: number; message: string }>> = {
  "certificates:edit": { code: 1016, message: "User is not authorized to perform this action" },
};

/**
 * Judges the header `Authorization` of a request.
 *
 * @returns the answer that refuses it, or undefined when the token may do that
 */
export function authorise(
  account: Account,
  headers: Readonly<Record<string, unknown>>,
  permission: Permission,
): Answer | undefined {
  const { authorization } = headers;
  if (typeof authorization !== "string") {
    if (headers["x-auth-key"] !== undefined || headers["x-auth-email"] !== undefined) {
      return refused(403, { code: 9103, message: "Unknown X-Auth-Key or X-Auth-Email" });
    }
    return refused(400, { code: 9106, message: "Missing X-Auth-Key, X-Auth-Email or Authorization headers" });
  }
  const token = /^Bearer (\S+)$/.exec(authorization)?.[1];
  if (token === undefined) return refused(400, { code: 6003, message: "Invalid request headers" });
  if (isSame(token, account.tokens.full)) return undefined;
  if (isSame(token, account.tokens.dns)) {
    if (ofDnsToken.includes(permission)) return undefined;
    return refused(403, lacks[permission] ?? { code: 10000, message: "Authentication error" });
  }
  return permission === "token:verify"
    ? refused(401, { code: 1000, message: "Invalid API Token" })
    : refused(403, { code: 9109, message: "Invalid access token" });
}

/** Whether a request that is authorised uses the token for DNS. */
export function usesDnsToken(account: Account, headers: Readonly<Record<string, unknown>>): boolean {
  return headers["authorization"] === `Bearer ${account.tokens.dns}`;
}

function isSame(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
