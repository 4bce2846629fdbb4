import { expect, test } from "vitest";
import { legacyPasswords } from "../testing/legacy-passwords.ts";
import { hashPassword, needsNewHash, verifyPassword } from "./passwords.ts";

const systems = ["learnmore", "listcutter", "openlearn", "unpuzzle", "dirfinal"] as const;
const accounts = systems.flatMap((system) => legacyPasswords(system).map((account) => ({ ...account, system })));

/** Every scheme that a system's sample has. */
const schemes = [
  ...new Map(
    accounts.flatMap(({ system, scheme }) =>
      scheme === undefined ? [] : [[`${system} ${scheme}`, { system, scheme }]],
    ),
  ).values(),
];

test("the samples bring nine schemes of hashes, and all their accounts", () => {
  expect(new Set(schemes.map(({ scheme }) => scheme))).toEqual(
    new Set([
      ...["pbkdf2_sha256", "pbkdf2_sha1", "argon2", "bcrypt_sha256", "scrypt", "md5"],
      ...["werkzeug-scrypt", "werkzeug-pbkdf2:sha256", "bcrypt"],
    ]),
  );
  expect(schemes).toHaveLength(24);
  expect(
    Object.fromEntries(systems.map((name) => [name, accounts.filter(({ system }) => system === name).length])),
  ).toEqual({ learnmore: 600, listcutter: 300, openlearn: 60, unpuzzle: 400, dirfinal: 250 });
});

test.each(schemes)("a real $scheme hash of $system opens to its password and to no other", async (of) => {
  const some = accounts.filter(({ system, scheme }) => system === of.system && scheme === of.scheme).slice(0, 2);
  expect(some).toHaveLength(2);
  for (const { encoded, password = "" } of some) {
    expect(password).not.toBe("");
    expect(await verifyPassword(password, encoded)).toBe(true);
    expect(await verifyPassword(`${password} `, encoded)).toBe(false);
    expect(await verifyPassword("", encoded)).toBe(false);
    expect(needsNewHash(encoded)).toBe(true);
  }
});

// What the samples do not have: capital digits, SHA-1, and the hash of nothing.
test.each([
  ["password", "5F4DCC3B5AA765D61D8327DEB882CF99"],
  ["password", "pbkdf2:sha1:1000$salt$6E88BE8BAD7EAE9D9E10AA061224034FED48D03F"],
  ["", "d41d8cd98f00b204e9800998ecf8427e"],
])("%j opens %s", async (password, encoded) => {
  expect(await verifyPassword(password, encoded)).toBe(true);
  expect(await verifyPassword(`${password}x`, encoded)).toBe(false);
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
  "scrypt:3:8:1$salt$00",
  "scrypt:16777216:64:1$salt$00",
  "scrypt:1024:8:1$salt$",
  "scrypt:1024:8:1$salt$zz",
  "scrypt:1024:8:1$salt",
  "scrypt:1024:8$salt$00",
  `scrypt:2:1:1$salt$${"00".repeat(1025)}`,
  "pbkdf2:sha256:99999999999$salt$00",
  "pbkdf2:sha256:0$salt$00",
  "pbkdf2:sha256$salt$00",
  "pbkdf2:md5:1000$salt$00",
  "pbkdf2:sha256:1000$salt$0",
  "sha256$salt$00ff",
  "$2b$31$/MOik4.rVC/83hd1y.uwyuiGHhRqpUedfarbggqeiUWFN58ez7gE6",
  "$2b$05$short",
  "$2x$05$/MOik4.rVC/83hd1y.uwyuiGHhRqpUedfarbggqeiUWFN58ez7gE6",
  "5f4dcc3b5aa765d61d8327deb882cf9",
])("a hash that is malformed, unknown or too costly opens to nothing: %s", async (encoded) => {
  expect(await verifyPassword("", encoded)).toBe(false);
  expect(await verifyPassword("password", encoded)).toBe(false);
});
