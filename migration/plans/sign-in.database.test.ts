import { signIn, type SignInOutcome } from "@landfall/app/accounts/sign-in";
import { openDatabase, openPool, type Database } from "@landfall/app/database/database";
import { legacyPasswords, type LegacyPassword, type LegacySystem } from "@landfall/app/testing/legacy-passwords";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../test/services/services.ts";
import { loadUnpuzzle } from "../../test/services/mariadb.ts";
import type { Report } from "../report.ts";
import { ask, landAs, settingsFor } from "../test/landing.ts";
import { createLegacy, discard } from "../test/legacy.ts";
import * as dirfinal from "./dirfinal/test/sample.ts";
import * as unpuzzle from "./unpuzzle/test/sample.ts";

let target: TestDatabase;
let database: Database;

beforeAll(async () => {
  target = await createDatabase();
  const reports = [];
  for (const system of ["learnmore", "listcutter", "openlearn"]) reports.push(await landPostgres(system));
  const directory = dirfinal.unpackSample();
  reports.push(await dirfinal.landSample(directory, target));
  directory.remove();
  const courses = await loadUnpuzzle();
  reports.push(await unpuzzle.landSample(courses, target));
  await courses.drop();
  expect(reports.map(({ state }) => state)).toEqual(Array.from({ length: 5 }, () => "verified"));
  database = openDatabase(
    openPool({ ...target, poolSize: 2 }, (error) => {
      throw error;
    }),
  );
}, 300_000);

afterAll(async () => {
  await database.destroy();
  await discard(target);
});

async function landPostgres(system: string): Promise<Report> {
  const source = await createLegacy(system);
  const sources = new Map([[system, { kind: "postgresql", config: source } as const]]);
  const report = await landAs(settingsFor(source, target, { systems: [system], sources }));
  await discard(source);
  return report;
}

const active = async (system: LegacySystem): Promise<Set<string>> => {
  const users = await ask<{ username: string }>(
    target,
    `SELECT username FROM accounts.users WHERE source_system = '${system}' AND is_active`,
  );
  return new Set(users.map(({ username }) => username));
};

/** One account of a system that is open, a scheme. */
async function oneOfEachScheme(system: LegacySystem): Promise<LegacyPassword[]> {
  const open = await active(system);
  const byScheme = new Map<string, LegacyPassword>();
  for (const account of legacyPasswords(system)) {
    if (account.scheme !== undefined && open.has(account.username) && !byScheme.has(account.scheme))
      byScheme.set(account.scheme, account);
  }
  return [...byScheme.values()];
}

const enter = (system: string, username: string, password: string): Promise<SignInOutcome> =>
  signIn(database, { identifier: username, password, system });

test.each([
  ["learnmore", ["argon2", "bcrypt_sha256", "md5", "pbkdf2_sha1", "pbkdf2_sha256", "scrypt"]],
  ["listcutter", ["argon2", "bcrypt_sha256", "md5", "pbkdf2_sha1", "pbkdf2_sha256", "scrypt"]],
  ["openlearn", ["bcrypt", "md5", "werkzeug-pbkdf2:sha256", "werkzeug-scrypt"]],
  ["dirfinal", ["bcrypt", "md5", "werkzeug-pbkdf2:sha256", "werkzeug-scrypt"]],
  ["unpuzzle", ["bcrypt", "md5", "werkzeug-pbkdf2:sha256", "werkzeug-scrypt"]],
] as const)(
  "users of %s sign in with the old password, whatever its scheme, and get a new hash",
  async (system, schemes) => {
    const accounts = await oneOfEachScheme(system);
    expect(accounts.map(({ scheme }) => scheme).sort()).toEqual(schemes);
    for (const { username, password = "", encoded } of accounts) {
      expect(await enter(system, username, `${password}x`)).toEqual({ kind: "refused" });
      const outcome = await enter(system, username, password);
      expect(outcome).toMatchObject({ kind: "signed in", password: expect.stringMatching(/^argon2id\$/) as unknown });
      const [stored] = await ask<{ password: string }>(
        target,
        `SELECT password FROM accounts.users WHERE source_system = '${system}' AND username = '${username}'`,
      );
      expect(stored?.password).toMatch(/^argon2id\$/);
      expect(stored?.password).not.toBe(encoded);
      expect((await enter(system, username, password)).kind).toBe("signed in");
    }
  },
);

test("an unusable password opens nothing", async () => {
  const open = await active("listcutter");
  const unusable = legacyPasswords("listcutter").filter(
    ({ encoded, username }) => encoded.startsWith("!") && open.has(username),
  );
  expect(unusable.length).toBeGreaterThan(0);
  for (const { username, encoded } of unusable) {
    for (const guess of ["", "!", encoded]) expect((await enter("listcutter", username, guess)).kind).toBe("refused");
  }
});

test("a name and password that several systems know ask for the system, and each gives its own account", async () => {
  const systems = ["learnmore", "dirfinal", "listcutter"] as const;
  const known = await Promise.all(
    systems.map(async (system) => {
      const open = await active(system);
      const accounts = legacyPasswords(system).filter(({ username }) => open.has(username));
      return new Map(accounts.map(({ username, password }) => [username, password]));
    }),
  );
  const shared = [...(known[0] ?? [])].find(
    ([name, word]) => word !== undefined && known.every((accounts) => accounts.get(name) === word),
  );
  const [username = "", password = ""] = shared ?? [];
  expect(password).not.toBe("");
  expect(await signIn(database, { identifier: username, password })).toEqual({
    kind: "system wanted",
    systems: [
      { name: "learnmore", title: "LearnMore" },
      { name: "dirfinal", title: "dirfinal" },
      { name: "listcutter", title: "List Cutter" },
    ],
  });
  const windows: number[] = [];
  for (const system of systems) {
    const outcome = await enter(system, username, password);
    if (outcome.kind === "signed in") windows.push(Math.floor(outcome.userId / 2 ** 40));
  }
  expect(windows).toEqual([1, 2, 5]);
});
