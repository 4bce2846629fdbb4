import { compare } from "bcryptjs";
import { createHash } from "node:crypto";
import { named, type PasswordScheme } from "./scheme.ts";

/*
 * Node has no bcrypt; bcryptjs computes on the event loop and lets others run every 100 ms. It is used once an
 * account: the first sign-in replaces the hash.
 */

const mostRounds = 15;

/** Bare bcrypt: `$2b$rounds$…`, as Flask-Bcrypt and passlib write it; passwords count up to their 72nd byte. */
export const bcrypt: PasswordScheme = {
  owns: (encoded) => /^\$2[aby]\$\d\d\$/.test(encoded),
  verify: verifyBcrypt,
};

/**
 * Django's bcrypt over a SHA-256: `bcrypt_sha256$$2b$rounds$…`; bcrypt gets the digest in hexadecimal, so that long
 * passwords count whole.
 */
export const bcryptSha256: PasswordScheme = {
  owns: named("bcrypt_sha256"),
  verify: (password, encoded) =>
    verifyBcrypt(createHash("sha256").update(password).digest("hex"), encoded.slice("bcrypt_sha256$".length)),
};

async function verifyBcrypt(password: string, hash: string): Promise<boolean> {
  const rounds = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(hash)?.[1];
  if (rounds === undefined || Number(rounds) > mostRounds) return false;
  return compare(password, hash);
}
