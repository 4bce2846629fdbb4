import { scrypt, type ScryptOptions } from "node:crypto";
import { sameBytes, type PasswordScheme } from "./scheme.ts";

const mostBytes = 256 * 1024 * 1024;

/** Django's scrypt: `scrypt$N$salt$r$p$base64`, the salt as the text it is. */
export const djangoScrypt: PasswordScheme = {
  name: "scrypt",
  async verify(password, encoded) {
    const [, cost = "", salt, blockSize = "", lanes = "", hash = "", ...rest] = encoded.split("$");
    if (salt === undefined || rest.length > 0) return false;
    if (![cost, blockSize, lanes].every((number) => /^[1-9]\d{0,7}$/.test(number))) return false;
    const options = { N: Number(cost), r: Number(blockSize), p: Number(lanes) };
    // RFC 7914, section 2: 128 * r * N bytes for the table and 128 * r * p for the blocks; Node counts a few more.
    const bytes = 128 * options.r * (options.N + options.p + 2);
    const wanted = Buffer.from(hash, "base64");
    if (bytes > mostBytes || options.p > 64 || wanted.length === 0) return false;
    const found = await derive({ password, salt, length: wanted.length }, { ...options, maxmem: bytes + 1024 * 1024 });
    return found !== undefined && sameBytes(found, wanted);
  },
};

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
