import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../../test/services/services.ts";
import type { Report } from "../../report.ts";
import { createLegacy, discard } from "../../test/legacy.ts";
import { ask, landAs, settingsFor } from "../../test/landing.ts";
import { lostOnTheWayBack } from "../../test/way-back.ts";
import { openlearn } from "./plan.ts";

let source: TestDatabase;
let target: TestDatabase;
let report: Report;

const deep = `${"[".repeat(1500)}${"]".repeat(1500)}`;

const dirt = String.raw`
ALTER TABLE alerts DROP CONSTRAINT alerts_user_id_fkey;
ALTER TABLE documents DROP CONSTRAINT documents_source_id_fkey;
ALTER TABLE scrape_runs DROP CONSTRAINT scrape_runs_source_id_fkey;
-- users: without an e-mail, with an empty one, with one of somebody else's twice, with a made-up name, of no window
UPDATE users SET email = NULL WHERE id = 1;
UPDATE users SET email = '' WHERE id = 2;
UPDATE users SET email = 'same@openlearn.example' WHERE id IN (3, 5, 7);
UPDATE users SET email = 'SAME@openlearn.example' WHERE id = 8;
UPDATE users SET email = 'user 1' WHERE id = 15;
UPDATE users SET hashed_password = NULL WHERE id = 6;
UPDATE users SET hashed_password = 'hunter2' WHERE id = 9;
UPDATE users SET hashed_password = '!' WHERE id = 16;
UPDATE users SET created_at = 'infinity' WHERE id = 10;
UPDATE users SET created_at = NULL WHERE id = 11;
UPDATE users SET created_at = '20000-01-01' WHERE id = 12;
UPDATE users SET role = NULL WHERE id = 13;
UPDATE users SET role = '' WHERE id = 14;
UPDATE users SET role = ' Admin ' WHERE id = 17;
INSERT INTO users (id, role) VALUES (-5, 'analyst'), (900, NULL);
UPDATE alerts SET user_id = CASE id WHEN 1 THEN 9999 WHEN 2 THEN -5 WHEN 3 THEN NULL ELSE 20 END;
UPDATE alerts SET last_sent = CASE id WHEN 4 THEN '2026-01-02 03:04:05.000006' ELSE '-infinity' END::timestamp WHERE id IN (4, 5);
INSERT INTO alerts (id) VALUES (900);
-- sources: nameless, undecided, with a key twice, and one that no window can hold
UPDATE sources SET name = NULL WHERE id = 1;
UPDATE sources SET name = NULL, url = NULL, enabled = NULL WHERE id = 2;
UPDATE sources SET config = '{"b": {"a": 1, "a": 2}}' WHERE id = 3;
UPDATE sources SET config = '"\ud800"' WHERE id = 4;
INSERT INTO sources (id, name) VALUES (-1, 'below');
-- documents
UPDATE documents SET sentiment = 'NaN' WHERE id = 1;
UPDATE documents SET sentiment = '-Infinity' WHERE id = 2;
UPDATE documents SET published_at = '-infinity', collected_at = '12000-01-01' WHERE id = 3;
UPDATE documents SET source_id = CASE id WHEN 4 THEN 9999 WHEN 5 THEN -1 END WHERE id IN (4, 5, 6);
UPDATE documents SET source_id = 7, external_id = 'twice' WHERE id IN (7, 8);
UPDATE documents SET sentiment = 1e300 WHERE id = 9;
INSERT INTO documents (id) VALUES (90000), (-7);
UPDATE documents SET entities = CASE id
  WHEN 20 THEN '{"a": "x\u0000y"}' WHEN 21 THEN '{"a": "x\\u0000y"}' WHEN 22 THEN '["\ud83d"]' WHEN 23 THEN '["\ud83d\ude00"]'
  WHEN 24 THEN '["\ud83d\\\ude00"]' WHEN 25 THEN '[1e999999]' WHEN 26 THEN '["1e999999"]' WHEN 27 THEN '${deep}'
  WHEN 28 THEN '{"a": 1, "b": ":", "a": 2}' WHEN 29 THEN 'null' WHEN 30 THEN '[9007199254740993, 1.50]'
  WHEN 31 THEN '{"\u003a": 1, "a:": 2}' END::json WHERE id BETWEEN 20 AND 31;
-- runs
UPDATE scrape_runs SET items = -1 WHERE id = 1;
UPDATE scrape_runs SET started_at = 'infinity' WHERE id = 3;
UPDATE scrape_runs SET finished_at = '0044-03-15 BC' WHERE id = 5;
UPDATE scrape_runs SET source_id = 9999 WHERE id = 7;
INSERT INTO scrape_runs (id) VALUES (9000);
`;

beforeAll(async () => {
  [source, target] = await Promise.all([createLegacy("openlearn"), createDatabase()]);
  await ask(source, dirt);
  const sources = new Map([["openlearn", { kind: "postgresql", config: source } as const]]);
  report = await landAs(settingsFor(source, target, { systems: ["openlearn"], sources }));
});

afterAll(async () => {
  await discard(source, target);
});

const repairs = (table: string): Record<string, number> =>
  Object.fromEntries(
    (report.details[0]?.repairs ?? []).flatMap((one) => (one.table === table ? [[one.rule, one.rows]] : [])),
  );

test("a dirty source lands and is verified all the same", () => {
  expect(report.verification.filter(({ passed }) => !passed)).toEqual([]);
  expect(report.state).toBe("verified");
});

test("only what has no place here is in quarantine", async () => {
  expect(
    await ask(
      target,
      "SELECT source_table, legacy_id, rule FROM operations.quarantine ORDER BY source_table, legacy_id",
    ),
  ).toEqual([
    { source_table: "documents", legacy_id: "-7", rule: "id-out-of-window" },
    { source_table: "sources", legacy_id: "-1", rule: "id-out-of-window" },
    { source_table: "user_role", legacy_id: "-5", rule: "parent-quarantined" },
    { source_table: "user_role", legacy_id: "15", rule: "parent-quarantined" },
    { source_table: "users", legacy_id: "-5", rule: "id-out-of-window" },
    { source_table: "users", legacy_id: "15", rule: "duplicate" },
  ]);
});

test("users without an e-mail or with somebody else's get a name of their own", async () => {
  const users = await ask<{ id: string; username: string; email: string }>(
    target,
    `SELECT legacy_id AS id, username, email FROM accounts.users
     WHERE legacy_id IN ('1', '2', '3', '5', '7', '8', '900') ORDER BY legacy_id::integer`,
  );
  expect(users.map(({ id, username, email }) => [id, username, email])).toEqual([
    ["1", "user 1", ""],
    ["2", "user 2", ""],
    ["3", "same@openlearn.example", "same@openlearn.example"],
    ["5", "same@openlearn.example #5", "same@openlearn.example"],
    ["7", "same@openlearn.example #7", "same@openlearn.example"],
    ["8", "SAME@openlearn.example", "SAME@openlearn.example"],
    ["900", "user 900", ""],
  ]);
  expect(repairs("users")).toEqual({
    "created-at-unreadable": 2,
    "email-doubled": 2,
    "email-missing": 2,
    "password-missing": 2,
    "password-scheme-unknown": 1,
    "role-empty": 1,
    "username-missing": 3,
  });
});

test("a password that nobody has is unusable, one of no known scheme is kept and must be reset", async () => {
  expect(
    await ask(
      target,
      `SELECT legacy_id, password, password_reset_required AS reset FROM accounts.users
       WHERE legacy_id IN ('6', '9', '16') ORDER BY legacy_id::integer`,
    ),
  ).toEqual([
    { legacy_id: "6", password: "!", reset: false },
    { legacy_id: "9", password: "hunter2", reset: true },
    { legacy_id: "16", password: "!", reset: false },
  ]);
  expect(JSON.stringify(report)).not.toContain("hunter2");
});

test("roles are the words that were there, and no role is none", async () => {
  expect(await ask(target, "SELECT name FROM accounts.roles WHERE source_system = 'openlearn' ORDER BY name")).toEqual([
    { name: " Admin " },
    { name: "admin" },
    { name: "analyst" },
  ]);
  expect(await ask(target, "SELECT FROM accounts.user_roles WHERE legacy_id IN ('13', '14', '900')")).toEqual([]);
});

test("what refers to nothing that landed lands without it, and keeps what it referred to", async () => {
  const alerts = await ask(
    target,
    "SELECT legacy_id, user_id::text, legacy_extra FROM intelligence.alerts WHERE legacy_id IN ('1', '2', '3') ORDER BY 1",
  );
  expect(alerts).toEqual([
    { legacy_id: "1", user_id: null, legacy_extra: { user_id: 9999 } },
    { legacy_id: "2", user_id: null, legacy_extra: { user_id: -5 } },
    { legacy_id: "3", user_id: null, legacy_extra: null },
  ]);
  expect(repairs("alerts")).toEqual({ "last-sent-unreadable": 1, "user-id-dangling": 2 });
});

test("sources get a name and a decision", async () => {
  const found = await ask(
    target,
    "SELECT name, enabled, config FROM intelligence.sources WHERE legacy_id IN ('1', '2', '3', '4') ORDER BY legacy_id",
  );
  expect(found).toMatchObject([
    { name: "https://source1.example/feed", enabled: true },
    { name: "Source 2", enabled: false },
    { config: { b: { a: 2 } } },
    { config: null },
  ]);
  expect(repairs("sources")).toEqual({
    "config-keys-doubled": 1,
    "config-unstorable": 1,
    "enabled-missing": 1,
    "name-missing": 2,
  });
});

test("JSON that no jsonb can hold is kept as its text, and all other is parsed", async () => {
  const rows = await ask<{ id: number; entities: unknown; kept: string | null }>(
    target,
    `SELECT legacy_id::integer AS id, entities, legacy_extra ->> 'entities' AS kept FROM intelligence.documents
     WHERE legacy_id::integer BETWEEN 20 AND 31 ORDER BY 1`,
  );
  expect(rows.map(({ id, entities, kept }) => [id, entities, kept])).toEqual([
    [20, null, String.raw`{"a": "x\u0000y"}`],
    [21, { a: String.raw`x\u0000y` }, null],
    [22, null, String.raw`["\ud83d"]`],
    [23, ["😀"], null],
    [24, null, String.raw`["\ud83d\\\ude00"]`],
    [25, null, "[1e999999]"],
    [26, ["1e999999"], null],
    [27, null, deep],
    [28, { a: 2, b: ":" }, '{"a": 1, "b": ":", "a": 2}'],
    [29, null, null],
    [30, [9007199254740992, 1.5], null],
    [31, { ":": 1, "a:": 2 }, null],
  ]);
  expect(repairs("documents")).toEqual({
    "collected-at-unreadable": 1,
    "entities-keys-doubled": 1,
    "entities-unstorable": 5,
    "published-at-unreadable": 1,
    "sentiment-not-finite": 2,
    "source-id-dangling": 2,
  });
});

test("a document that was collected twice is there twice", async () => {
  const twice = await ask(
    target,
    "SELECT legacy_id FROM intelligence.documents WHERE external_id = 'twice' ORDER BY 1",
  );
  expect(twice).toEqual([{ legacy_id: "7" }, { legacy_id: "8" }]);
});

test("runs keep what can be said of them", () => {
  expect(repairs("scrape_runs")).toEqual({
    "finished-at-unreadable": 1,
    "finished-before-started": 150,
    "items-negative": 1,
    "source-id-dangling": 1,
    "started-at-unreadable": 1,
  });
});

test("the way back leads to the very rows, repaired ones too", async () => {
  const lost = await lostOnTheWayBack(openlearn, source, target);
  expect(lost.filter((line) => !/^documents \d+ entities: [^]*\\u/.test(line))).toEqual([]);
});
