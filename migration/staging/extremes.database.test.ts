import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../test/services/services.ts";
import { landSample, repairedRows, unpackSample, type Sample } from "../plans/dirfinal/test/sample.ts";
import type { Report } from "../report.ts";
import { ask } from "../test/landing.ts";
import { discard } from "../test/legacy.ts";

const incompressible = Array.from({ length: 200 }, (_, number) =>
  createHash("sha256").update(number.toString()).digest("hex"),
).join("");

let sample: Sample;
let target: TestDatabase;
let report: Report;

beforeAll(async () => {
  sample = unpackSample(`INSERT INTO user (id, username, password_hash, created_at, last_seen) VALUES
    (9001, 'first moment', '${"A".repeat(32)}', '0001-01-01 00:00:00+05:00', '0001-01-01 00:00:00'),
    (9002, 'last moment', 'argon2id$v=19', '9999-12-31 23:59:59-05:00', '9999-12-31 23:59:59.999999');
    INSERT INTO system_config (key, value, kind) VALUES ('${incompressible}', 'long', 'str'), ('shown', 'a', 'str'), (CAST('shown' AS blob), 'b', 'str');
    INSERT INTO user_permission (user_id, permission) VALUES (1, 'shown'), (1, CAST('shown' AS blob))`);
  target = await createDatabase();
  report = await landSample(sample, target);
});

afterAll(async () => {
  sample.remove();
  await discard(target);
});

test("a moment that its offset leads out of the calendar is no value, and the moments at its ends are", async () => {
  expect(report.state).toBe("verified");
  expect(repairedRows(report)).toMatchObject({ "user created-at-unreadable": 2 });
  expect(
    await ask(
      target,
      `SELECT joined_at::text AS joined, last_sign_in_at::text AS seen, legacy_extra ->> 'created_at' AS stored
       FROM accounts.users WHERE legacy_id IN ('9001', '9002') ORDER BY id`,
    ),
  ).toEqual([
    { joined: null, seen: "0001-01-01 00:00:00+00", stored: "0001-01-01 00:00:00+05:00" },
    { joined: null, seen: "9999-12-31 23:59:59.999999+00", stored: "9999-12-31 23:59:59-05:00" },
  ]);
});

test("a password that the sign-in knows the scheme of need not be replaced", async () => {
  expect(
    await ask(
      target,
      "SELECT password_reset_required AS reset FROM accounts.users WHERE legacy_id IN ('9001', '9002')",
    ),
  ).toEqual([{ reset: false }, { reset: false }]);
});

test("keys that differ in bytes alone are two keys", async () => {
  const keys = await ask(
    target,
    `SELECT legacy_id AS id FROM operations.system_configuration WHERE key LIKE 'shown%'
     UNION ALL SELECT legacy_id FROM accounts.user_permissions WHERE legacy_id LIKE '1:shown%' ORDER BY 1`,
  );
  expect(keys.map(({ id }) => id as unknown)).toEqual([
    "1:shown",
    String.raw`1:shown \x73686f776e`,
    "shown",
    String.raw`shown \x73686f776e`,
  ]);
});

test("a table that has rows without a key is refused, with their number", async () => {
  const keyless = unpackSample(`DROP TABLE system_config;
    CREATE TABLE system_config ("key" VARCHAR(80), value TEXT, kind VARCHAR(10), PRIMARY KEY ("key"));
    INSERT INTO system_config VALUES (NULL, 'a', 'str'), (NULL, 'b', 'str'), ('c', 'c', 'str')`);
  const other = await createDatabase();
  try {
    const landing = landSample(keyless, other);
    await expect(landing).rejects.toThrow(
      /system_config has rows without a key:\n {2}- key: is empty in 2 of its rows/,
    );
  } finally {
    keyless.remove();
    await discard(other);
  }
});

test("a table in which a text and the same bytes are keys, and cannot be told apart, is refused", async () => {
  const doubled = unpackSample(
    "INSERT INTO system_config (key, value, kind) VALUES ('a' || char(0), 'a', 'str'), (CAST('a' || char(0) AS blob), 'b', 'str')",
  );
  const other = await createDatabase();
  try {
    await expect(landSample(doubled, other)).rejects.toThrow(
      /system_config has rows whose keys read the same:\n {2}- key: .*: 1\./,
    );
  } finally {
    doubled.remove();
    await discard(other);
  }
});

test("a row whose key no index holds goes to quarantine under the beginning of it", async () => {
  expect(
    await ask(
      target,
      "SELECT rule, left(legacy_id, 20) AS id, length(legacy_id) AS long, legacy_row ->> 'key' AS key FROM operations.quarantine WHERE source_table = 'system_config'",
    ),
  ).toEqual([{ rule: "key-too-long", id: incompressible.slice(0, 20), long: 234, key: incompressible }]);
});
