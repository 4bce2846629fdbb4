import { legacyPasswords } from "@landfall/app/testing/legacy-passwords";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../test/services/services.ts";
import { isKnownPassword, passwordSchemes } from "./passwords.ts";

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createDatabase();
  client = new pg.Client(database);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

/** Those of some encoded hashes that are of no known scheme. */
async function unknownOf(encoded: readonly string[]): Promise<string[]> {
  const query = `SELECT e.password FROM unnest($1::text[]) e (password) WHERE NOT ${isKnownPassword("e.password")}`;
  return (await client.query<{ password: string }>(query, [encoded])).rows.map(({ password }) => password);
}

test.each([
  "!Fx4",
  "argon2$argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA",
  "scrypt$16384$salt$8$1$AAAA",
  "scrypt:32768:8:1$salt$00ff",
  "pbkdf2:sha256:260000$salt$00ff",
  "$2b$12$XaCqw8syJ0uShsDacrkN1ODOmMMiwHifaUOyyVJ.kfmXnDnWBjzn.",
  "a838d63699af03cbc0e1e1628737d31a",
])("%s is of a known scheme", async (encoded) => {
  expect(await unknownOf([encoded])).toEqual([]);
});

test.each([
  "",
  "hunter2",
  "crypt$$abc",
  "sha256$salt$00ff",
  "$1$salt$hash",
  "a838d63699af03cbc0e1e1628737d31ag",
  "plain:",
  "pbkdf2-sha256$20000$salt$00ff",
  " argon2$argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA",
])("%s is of none", async (encoded) => {
  expect(await unknownOf([encoded])).toEqual([encoded]);
});

test.each(["learnmore", "listcutter", "openlearn", "unpuzzle", "dirfinal"] as const)(
  "every password of %s's sample is of a known scheme",
  async (system) => {
    const encoded = legacyPasswords(system).map((account) => account.encoded);
    expect(encoded.length).toBeGreaterThan(50);
    expect(await unknownOf(encoded)).toEqual([]);
  },
);

test("what is counted per scheme has names of schemes alone, and nothing of a password", () => {
  const { sourceGroup } = passwordSchemes("users", "hashed_password");
  expect(sourceGroup).toContain("WHEN hashed_password ~ '^scrypt:[0-9]+:[0-9]+:[0-9]+[$]' THEN 'werkzeug scrypt'");
  expect(sourceGroup).toMatch(/ELSE 'unknown' END$/);
  expect(sourceGroup).toContain("WHEN hashed_password LIKE 'pbkdf2\\_sha1$%' THEN 'pbkdf2_sha1'");
  expect([...sourceGroup.matchAll(/THEN (\S)/g)].every(([, first]) => first === "'")).toBe(true);
});
