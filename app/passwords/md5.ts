import { createHash } from "node:crypto";
import { sameBytes, type PasswordScheme } from "./scheme.ts";

/** Django's salted MD5: `md5$salt$hexadecimal`. */
export const djangoMd5: PasswordScheme = {
  name: "md5",
  verify(password, encoded) {
    const [, salt, hash = "", ...rest] = encoded.split("$");
    if (salt === undefined || rest.length > 0) return Promise.resolve(false);
    const found = createHash("md5").update(salt).update(password).digest();
    return Promise.resolve(sameBytes(found, Buffer.from(hash, "hex")));
  },
};
