import { createHash } from "node:crypto";
import { fromHexadecimal, named, sameBytes, type PasswordScheme } from "./scheme.ts";

/** Django's salted MD5: `md5$salt$hexadecimal`. */
export const djangoMd5: PasswordScheme = {
  owns: named("md5"),
  verify(password, encoded) {
    const [, salt, hash = "", ...rest] = encoded.split("$");
    if (salt === undefined || rest.length > 0) return Promise.resolve(false);
    const found = createHash("md5").update(salt).update(password).digest();
    return Promise.resolve(sameBytes(found, fromHexadecimal(hash)));
  },
};

/** An MD5 without salt and name: 32 hexadecimal digits. */
export const bareMd5: PasswordScheme = {
  owns: (encoded) => /^[0-9a-f]{32}$/i.test(encoded),
  verify: (password, encoded) =>
    Promise.resolve(sameBytes(createHash("md5").update(password).digest(), fromHexadecimal(encoded))),
};
