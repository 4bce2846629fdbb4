import { argon2id, djangoArgon2, hashPassword as hash, isCurrent } from "./argon2.ts";
import { bcrypt, bcryptSha256 } from "./bcrypt.ts";
import { bareMd5, djangoMd5 } from "./md5.ts";
import { pbkdf2Sha1, pbkdf2Sha256, werkzeugPbkdf2 } from "./pbkdf2.ts";
import type { PasswordScheme } from "./scheme.ts";
import { djangoScrypt, werkzeugScrypt } from "./scrypt.ts";
import { turns } from "./turns.ts";

export { TooManyWaiting } from "./turns.ts";

const schemes: readonly PasswordScheme[] = [
  argon2id,
  djangoArgon2,
  pbkdf2Sha256,
  pbkdf2Sha1,
  werkzeugPbkdf2,
  bcryptSha256,
  bcrypt,
  djangoScrypt,
  werkzeugScrypt,
  djangoMd5,
  bareMd5,
];

const inTurn = turns({ atOnce: 2, waiting: 100 });

/** Longer passwords are refused unread, as hashing them would cost too much. */
export const longestPassword = 4096;

/**
 * Whether a password opens an encoded hash. Never for an unusable hash (`!…`), an unknown scheme or a malformed one.
 * Throws TooManyWaiting when a hundred others wait for their turn.
 */
export async function verifyPassword(password: string, encoded: string): Promise<boolean> {
  const scheme = schemes.find((one) => one.owns(encoded));
  if (scheme === undefined || password.length > longestPassword) return false;
  return inTurn(() => scheme.verify(password, encoded));
}

/** A new hash in the form that this service keeps. */
export async function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password));
}

/** Whether a hash should be replaced once the password is known: any that a new one would not look like. */
export function needsNewHash(encoded: string): boolean {
  return !isCurrent(encoded);
}

let decoy: Promise<string> | undefined;

/** Takes the time of a verification, for names that nobody has. Always false. */
export async function verifyNobody(password: string): Promise<false> {
  decoy ??= hashPassword("nobody");
  await verifyPassword(password, await decoy);
  return false;
}
