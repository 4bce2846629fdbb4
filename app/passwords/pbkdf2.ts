import { pbkdf2 } from "node:crypto";
import { promisify } from "node:util";
import { fromHexadecimal, named, sameBytes, type PasswordScheme } from "./scheme.ts";

const derive = promisify(pbkdf2);
const mostIterations = 5_000_000;
const mostHashBytes = 1024;

/** Django's PBKDF2: `pbkdf2_sha256$iterations$salt$base64`, the salt as the text it is. */
function djangoPbkdf2(name: string, digest: "sha1" | "sha256"): PasswordScheme {
  return {
    owns: named(name),
    verify(password, encoded) {
      const [, iterations = "", salt, hash = "", ...rest] = encoded.split("$");
      if (salt === undefined || rest.length > 0) return Promise.resolve(false);
      return isDerived(password, { digest, iterations, salt, hash: Buffer.from(hash, "base64") });
    },
  };
}

export const pbkdf2Sha256 = djangoPbkdf2("pbkdf2_sha256", "sha256");
export const pbkdf2Sha1 = djangoPbkdf2("pbkdf2_sha1", "sha1");

/** Werkzeug's PBKDF2: `pbkdf2:sha256:iterations$salt$hexadecimal`, the salt as the text it is. */
export const werkzeugPbkdf2: PasswordScheme = {
  owns: (encoded) => encoded.startsWith("pbkdf2:"),
  verify(password, encoded) {
    const form = /^pbkdf2:(?<digest>sha1|sha256|sha512):(?<iterations>\d+)\$(?<salt>[^$]*)\$(?<hash>[^$]*)$/;
    const fields = form.exec(encoded)?.groups;
    if (fields === undefined) return Promise.resolve(false);
    const { digest = "", iterations = "", salt = "", hash = "" } = fields;
    return isDerived(password, { digest, iterations, salt, hash: fromHexadecimal(hash) });
  },
};

async function isDerived(
  password: string,
  given: { readonly digest: string; readonly iterations: string; readonly salt: string; readonly hash: Uint8Array },
): Promise<boolean> {
  if (!/^[1-9]\d{0,9}$/.test(given.iterations) || Number(given.iterations) > mostIterations) return false;
  const { length } = given.hash;
  if (length === 0 || length > mostHashBytes) return false;
  return sameBytes(await derive(password, given.salt, Number(given.iterations), length, given.digest), given.hash);
}
