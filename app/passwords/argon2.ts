import { argon2, randomBytes, type Argon2Algorithm } from "node:crypto";
import { promisify } from "node:util";
import { named, sameBytes, type PasswordScheme } from "./scheme.ts";

const derive = promisify(argon2);

/** Argon2's costs: memory in KiB, passes over it, and lanes. */
interface Costs {
  readonly memory: number;
  readonly passes: number;
  readonly lanes: number;
}

// OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, two passes, one lane.
const costs: Costs = { memory: 19_456, passes: 2, lanes: 1 };
const saltBytes = 16;
const hashBytes = 32;
const mostMemory = 256 * 1024;
const mostPasses = 64;

const form =
  /^(?<algorithm>argon2(?:id|i|d))\$v=19\$m=(?<m>\d{1,7}),t=(?<t>\d{1,3}),p=(?<p>\d{1,2})\$(?<salt>[^$]+)\$(?<hash>[^$]+)$/;

/** This service's own hashes: `argon2id$v=19$m=…,t=…,p=…$salt$hash`, salt and hash in base64 without padding. */
export const argon2id: PasswordScheme = { owns: named("argon2id"), verify };

/** Django's Argon2: the same behind one more name, `argon2$argon2id$v=19$…`. */
export const djangoArgon2: PasswordScheme = {
  owns: named("argon2"),
  verify: (password, encoded) => verify(password, encoded.slice("argon2$".length)),
};

/** A new hash of a password in this service's own form, with a random salt. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  const hash = await derive("argon2id", {
    message: password,
    nonce: salt,
    memory: costs.memory,
    passes: costs.passes,
    parallelism: costs.lanes,
    tagLength: hashBytes,
  });
  return `${ownPrefix}${unpadded(salt)}$${unpadded(hash)}`;
}

const ownPrefix = `argon2id$v=19$m=${costs.memory.toString()},t=${costs.passes.toString()},p=${costs.lanes.toString()}$`;

/** Whether an encoded hash is in the form and of the costs that a new one would have. */
export function isCurrent(encoded: string): boolean {
  return encoded.startsWith(ownPrefix);
}

async function verify(password: string, encoded: string): Promise<boolean> {
  const fields = form.exec(encoded)?.groups;
  if (fields === undefined) return false;
  const { algorithm, m, t, p, salt = "", hash = "" } = fields;
  const given: Costs = { memory: Number(m), passes: Number(t), lanes: Number(p) };
  const wanted = Buffer.from(hash, "base64");
  const nonce = Buffer.from(salt, "base64");
  // RFC 9106, section 3.1: at least 8 KiB a lane, and 4 bytes of hash; Node wants 8 bytes of salt.
  const sound = given.passes >= 1 && given.lanes >= 1 && given.memory >= 8 * given.lanes;
  if (!sound || given.memory > mostMemory || given.passes > mostPasses || wanted.length < 4 || nonce.length < 8)
    return false;
  const found = await derive(algorithm as Argon2Algorithm, {
    message: password,
    nonce,
    memory: given.memory,
    passes: given.passes,
    parallelism: given.lanes,
    tagLength: wanted.length,
  });
  return sameBytes(found, wanted);
}

function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64").replaceAll("=", "");
}
