import { compare } from "bcryptjs";
import { createHash } from "node:crypto";
import type { PasswordScheme } from "./scheme.ts";

const mostRounds = 15;

/**
 * Django's bcrypt over a SHA-256: `bcrypt_sha256$$2b$rounds$…`; bcrypt gets the digest in hexadecimal, so that long
 * passwords count whole.
 *
 * Node has no bcrypt; bcryptjs computes on the event loop and lets others run every 100 ms. It is used once an
 * account: the first sign-in replaces the hash.
 */
export const bcryptSha256: PasswordScheme = {
  name: "bcrypt_sha256",
  async verify(password, encoded) {
    const hash = encoded.slice("bcrypt_sha256$".length);
    const rounds = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(hash)?.[1];
    if (rounds === undefined || Number(rounds) > mostRounds) return false;
    return compare(createHash("sha256").update(password).digest("hex"), hash);
  },
};
