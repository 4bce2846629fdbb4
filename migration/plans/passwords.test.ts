import { legacyPasswords } from "@landfall/app/testing/legacy-passwords";
import { expect, test } from "vitest";
import { knownPassword, passwordSchemes } from "./passwords.ts";

const known = new RegExp(knownPassword);

test.each([
  "!Fx4",
  "argon2$argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA",
  "scrypt$16384$salt$8$1$AAAA",
  "scrypt:32768:8:1$salt$00ff",
  "pbkdf2:sha256:260000$salt$00ff",
  "$2b$12$XaCqw8syJ0uShsDacrkN1ODOmMMiwHifaUOyyVJ.kfmXnDnWBjzn.",
  "a838d63699af03cbc0e1e1628737d31a",
])("%s is of a known scheme", (encoded) => {
  expect(encoded).toMatch(known);
});

test.each([
  "",
  "hunter2",
  "crypt$$abc",
  "sha256$salt$00ff",
  "$1$salt$hash",
  "a838d63699af03cbc0e1e1628737d31ag",
  "plain:",
])("%s is of none", (encoded) => {
  expect(encoded).not.toMatch(known);
});

test.each(["learnmore", "listcutter", "openlearn", "unpuzzle", "dirfinal"] as const)(
  "every password of %s's sample is of a known scheme",
  (system) => {
    const encoded = legacyPasswords(system).map((account) => account.encoded);
    expect(encoded.length).toBeGreaterThan(50);
    expect(encoded.filter((one) => !known.test(one))).toEqual([]);
  },
);

test("what is counted per scheme has names of schemes alone, and nothing of a password", () => {
  const { sourceGroup } = passwordSchemes("users", "hashed_password");
  expect(sourceGroup).toContain("WHEN hashed_password ~ '^scrypt:[0-9]+:[0-9]+:[0-9]+[$]' THEN 'werkzeug scrypt'");
  expect(sourceGroup).toMatch(/ELSE 'unknown' END$/);
  expect([...sourceGroup.matchAll(/THEN (\S)/g)].every(([, first]) => first === "'")).toBe(true);
});
