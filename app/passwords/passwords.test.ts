import { expect, test } from "vitest";
import { legacyPasswords } from "../testing/legacy-passwords.ts";
import { hashPassword, needsNewHash, verifyPassword } from "./passwords.ts";

const accounts = legacyPasswords();
const schemes = ["pbkdf2_sha256", "pbkdf2_sha1", "argon2", "bcrypt_sha256", "scrypt", "md5"];

test.each(schemes)("a real %s hash opens to its password and to no other", async (scheme) => {
  const some = accounts.filter(({ encoded }) => encoded.startsWith(`${scheme}$`)).slice(0, 6);
  expect(some).toHaveLength(6);
  for (const { encoded, password = "" } of some) {
    expect(password).not.toBe("");
    expect(await verifyPassword(password, encoded)).toBe(true);
    expect(await verifyPassword(`${password} `, encoded)).toBe(false);
    expect(await verifyPassword("", encoded)).toBe(false);
    expect(needsNewHash(encoded)).toBe(true);
  }
});

test("the samples have unusable passwords, and none opens", async () => {
  const unusable = accounts.filter(({ encoded }) => encoded.startsWith("!"));
  expect(unusable.length).toBeGreaterThan(0);
  for (const { encoded, password } of unusable) {
    expect(password).toBeUndefined();
    for (const guess of ["", "!", encoded, encoded.slice(1)]) expect(await verifyPassword(guess, encoded)).toBe(false);
  }
});

test("a new hash is argon2id, salted, and opens to its password alone", async () => {
  const [first, second] = [await hashPassword("correct 🔑"), await hashPassword("correct 🔑")];
  expect(first).toMatch(/^argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(first).not.toBe(second);
  expect(await verifyPassword("correct 🔑", first)).toBe(true);
  expect(await verifyPassword("wrong", first)).toBe(false);
  expect(needsNewHash(first)).toBe(false);
  expect(needsNewHash(first.replace("m=19456", "m=8192"))).toBe(true);
});

test.each([
  "",
  "password",
  "sha512$salt$abc",
  "md5$salt$",
  "md5$salt$zz",
  "pbkdf2_sha256$99999999999$salt$AAAA",
  "pbkdf2_sha256$1000$salt$",
  "scrypt$3$salt$8$1$AAAA",
  "scrypt$16777216$salt$64$1$AAAA",
  "bcrypt_sha256$$2b$31$/MOik4.rVC/83hd1y.uwyuiGHhRqpUedfarbggqeiUWFN58ez7gE6",
  "argon2id$v=19$m=4194304,t=2,p=1$AAAAAAAAAAAAAAAA$AAAAAAAA",
  "argon2$argon2id$v=19$m=8,t=0,p=1$AAAAAAAAAAAAAAAA$AAAAAAAA",
  "argon2$argon2id$v=16$m=8,t=1,p=1$AAAAAAAAAAAAAAAA$AAAAAAAA",
])("a hash that is malformed, unknown or too costly opens to nothing: %s", async (encoded) => {
  expect(await verifyPassword("", encoded)).toBe(false);
  expect(await verifyPassword("password", encoded)).toBe(false);
});
