import { pbkdf2 } from "node:crypto";
import { promisify } from "node:util";
import { sameBytes, type PasswordScheme } from "./scheme.ts";

const derive = promisify(pbkdf2);
const mostIterations = 5_000_000;

/** Django's PBKDF2: `pbkdf2_sha256$iterations$salt$base64`, the salt as the text it is. */
function djangoPbkdf2(name: string, digest: "sha1" | "sha256"): PasswordScheme {
  return {
    name,
    async verify(password, encoded) {
      const [, iterations = "", salt, hash = "", ...rest] = encoded.split("$");
      if (salt === undefined || rest.length > 0 || !/^[1-9]\d{0,9}$/.test(iterations)) return false;
      if (Number(iterations) > mostIterations) return false;
      const wanted = Buffer.from(hash, "base64");
      if (wanted.length === 0) return false;
      return sameBytes(await derive(password, salt, Number(iterations), wanted.length, digest), wanted);
    },
  };
}

export const pbkdf2Sha256 = djangoPbkdf2("pbkdf2_sha256", "sha256");
export const pbkdf2Sha1 = djangoPbkdf2("pbkdf2_sha1", "sha1");
