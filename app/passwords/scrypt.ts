import { scrypt, type ScryptOptions } from "node:crypto";
import { fromHexadecimal, named, sameBytes, type PasswordScheme } from "./scheme.ts";

const mostBytes = 256 * 1024 * 1024;
const mostHashBytes = 1024;

/** Django's scrypt: `scrypt$N$salt$r$p$base64`, the salt as the text it is. */
export const djangoScrypt: PasswordScheme = {
  owns: named("scrypt"),
  verify(password, encoded) {
    const [, cost = "", salt, blockSize = "", lanes = "", hash = "", ...rest] = encoded.split("$");
    if (salt === undefined || rest.length > 0) return Promise.resolve(false);
    return isDerived(password, { costs: [cost, blockSize, lanes], salt, hash: Buffer.from(hash, "base64") });
  },
};

/** Werkzeug's scrypt: `scrypt:N:r:p$salt$hexadecimal`, the salt as the text it is. */
export const werkzeugScrypt: PasswordScheme = {
  owns: (encoded) => encoded.startsWith("scrypt:"),
  verify(password, encoded) {
    const [, cost = "", blockSize = "", lanes = "", salt = "", hash = ""] =
      /^scrypt:(\d+):(\d+):(\d+)\$([^$]*)\$([^$]*)$/.exec(encoded) ?? [];
    return isDerived(password, { costs: [cost, blockSize, lanes], salt, hash: fromHexadecimal(hash) });
  },
};

async function isDerived(
  password: string,
  given: { readonly costs: readonly [string, string, string]; readonly salt: string; readonly hash: Uint8Array },
): Promise<boolean> {
  if (!given.costs.every((number) => /^[1-9]\d{0,7}$/.test(number))) return false;
  const [N, r, p] = given.costs.map(Number) as [number, number, number];
  // RFC 7914, section 2: 128 * r * N bytes for the table and 128 * r * p for the blocks; Node counts a few more.
  const bytes = 128 * r * (N + p + 2);
  const { length } = given.hash;
  if (bytes > mostBytes || p > 64 || length === 0 || length > mostHashBytes) return false;
  const found = await derive({ password, salt: given.salt, length }, { N, r, p, maxmem: bytes + 1024 * 1024 });
  return found !== undefined && sameBytes(found, given.hash);
}

// Undefined for costs that scrypt does not know, such as an N that is no power of two.
async function derive(
  { password, salt, length }: { password: string; salt: string; length: number },
  options: ScryptOptions,
): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    try {
      scrypt(password, salt, length, options, (error, key) => {
        resolve(error === null ? key : undefined);
      });
    } catch {
      resolve(undefined);
    }
  });
}
