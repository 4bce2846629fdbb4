import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../test/services/services.ts";
import { landSample, repairedRows, unpackSample, type Sample } from "../plans/dirfinal/test/sample.ts";
import type { Report } from "../report.ts";
import { ask } from "../test/landing.ts";
import { discard } from "../test/legacy.ts";

let sample: Sample;
let target: TestDatabase;
let report: Report;

beforeAll(async () => {
  sample = unpackSample(`INSERT INTO user (id, username, password_hash, created_at, last_seen) VALUES
    (9001, 'first moment', '${"A".repeat(32)}', '0001-01-01 00:00:00+05:00', '0001-01-01 00:00:00'),
    (9002, 'last moment', 'argon2id$v=19', '9999-12-31 23:59:59-05:00', '9999-12-31 23:59:59.999999')`);
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
