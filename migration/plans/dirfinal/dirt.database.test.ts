import { readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../../test/services/services.ts";
import type { Report } from "../../report.ts";
import { discard } from "../../test/legacy.ts";
import { ask } from "../../test/landing.ts";
import { heldRows, landSample, lostOnTheWayBack, repairedRows, unpackSample, type Sample } from "./test/sample.ts";

let sample: Sample;
let target: TestDatabase;
let report: Report;

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");

beforeAll(async () => {
  sample = unpackSample(readFileSync(new URL("test/dirt.sql", import.meta.url), "utf8"));
  target = await createDatabase();
  report = await landSample(sample, target);
});

afterAll(async () => {
  sample.remove();
  await discard(target);
});

test("a dirty directory lands and is verified all the same", () => {
  expect(report.verification.filter(({ passed }) => !passed)).toEqual([]);
  expect(report.state).toBe("verified");
  for (const table of report.tables)
    expect(table.targetRows + table.quarantinedRows, table.source).toBe(table.sourceRows);
});

test("rows that the new schema cannot hold are in quarantine under their rules", async () => {
  expect(await heldRows(target)).toEqual({
    audit_log: { "at-missing": ["9001"], "at-unreadable": ["9002"] },
    entry_image: { "entry-id-missing": ["9001"], "parent-missing": ["9002"] },
    family_member: { "group-id-missing": ["9001"], "parent-missing": ["9002"] },
    family_relationship: {
      duplicate: ["319", "9003"],
      "from-member-missing": ["9001"],
      "from-member-unreadable": ["9008"],
      "kind-too-long": ["9010"],
      "parent-missing": ["402", "9011"],
      "parent-quarantined": ["9004"],
      "related-to-oneself": ["136", "351", "401"],
      "to-member-missing": ["9009"],
    },
    media_file: { "id-in-the-upper-half": ["549755813891"] },
    profile: { "parent-missing": ["9999"], "parent-quarantined": ["-5"] },
    score_event: {
      "parent-missing": ["9007"],
      "parent-quarantined": ["9006"],
      "points-missing": ["9002"],
      "points-unreadable": ["9001", "9004"],
      "user-id-missing": ["9003"],
    },
    // Quarantine knows a key that no index holds by its beginning and its MD5; the row has it whole.
    system_config: { "key-too-long": [`${"k".repeat(200)}… ${md5("k".repeat(1200))}`] },
    user: { duplicate: ["1004"], "id-out-of-window": ["-5", "1099511627776"] },
    user_permission: {
      "parent-missing": ["77777:export"],
      "parent-quarantined": ["-5:fly: low"],
      "permission-no-name": ["2:"],
      "user-id-unreadable": ["abc:export"],
    },
    user_role: { "parent-quarantined": ["-5", "1004", "1099511627776"] },
  });
});

test("every repair is counted under its rule", () => {
  expect(repairedRows(report)).toEqual({
    "audit_log action-missing": 1,
    "audit_log detail-not-json": 2,
    "audit_log ip-not-an-address": 995,
    "audit_log ip-rewritten": 1,
    "audit_log user-id-dangling": 15,
    "audit_log user-id-unreadable": 1,
    "entry_image approved-missing": 1,
    "entry_image approved-unreadable": 1,
    "entry_image bytes-unreadable": 1,
    "family_group created-at-unreadable": 1,
    "family_group created-by-dangling": 1,
    "family_group name-missing": 1,
    "family_member born-respelled": 2,
    "family_member born-unreadable": 1,
    "family_member entry-id-dangling": 1,
    "family_relationship kind-missing": 1,
    "media_file at-unreadable": 1,
    "media_file owner-id-dangling": 2,
    "media_file size-unreadable": 1,
    "moderation_item at-unreadable": 1,
    "moderation_item moderator-id-dangling": 1,
    "moderation_item state-unknown": 3,
    "moderation_item target-id-unreadable": 1,
    "moderation_item target-id-unreadable-in-legacy-object-id": 1,
    "phonebook_entry created-at-respelled": 3,
    "phonebook_entry created-at-unreadable": 2,
    "phonebook_entry name-missing": 1,
    "phonebook_entry name-respelled": 1,
    "phonebook_entry owner-id-dangling": 2,
    "phonebook_entry owner-id-unreadable": 1,
    "phonebook_entry status-unknown": 3,
    "phonebook_entry tags-tidied": 2,
    "phonebook_entry updated-at-respelled": 2,
    "phonebook_entry updated-at-unreadable": 1,
    "profile visibility-unknown": 2,
    "score_event at-unreadable": 1,
    "search_history at-unreadable": 1,
    "search_history filters-not-json": 2,
    "search_history results-unreadable": 1,
    "search_history user-id-dangling": 1,
    "system_config kind-unknown": 1,
    "system_config value-of-another-kind": 3,
    "unlisted_file owner-id-dangling": 1,
    "user approved-missing": 1,
    "user approved-respelled": 2,
    "user approved-unreadable": 1,
    "user created-at-respelled": 1,
    "user created-at-unreadable": 2,
    "user email-missing": 1,
    "user email-too-long": 1,
    "user is-admin-missing": 1,
    "user is-admin-respelled": 1,
    "user is-admin-unreadable": 1,
    "user last-seen-unreadable": 4,
    "user password-hash-missing": 1,
    "user password-scheme-unknown": 2,
    "user role-no-name": 2,
    "user score-unreadable": 2,
    "user username-doubled": 1,
    "user username-missing": 1,
    "user username-respelled": 2,
    "user username-too-long": 1,
    "user_permission granted-at-unreadable": 1,
    "user_permission granted-by-dangling": 1,
  });
});

test("what landed repaired leads back to what the file holds", async () => {
  expect(await lostOnTheWayBack(sample, target)).toEqual([]);
});

test("users without a name, with another's, or with one that no index holds have one of their own, and keep theirs", async () => {
  const rows = await ask(
    target,
    `SELECT legacy_id, left(username, 10) AS starts, length(username) AS letters, password, password_reset_required AS reset,
       is_active AS active, joined_at, legacy_extra - 'username' - 'email' - 'role' AS kept
     FROM accounts.users WHERE source_system = 'dirfinal' AND id > ${(2 * 2 ** 40 + 1000).toString()} ORDER BY id`,
  );
  const user = (legacyId: number): unknown => rows.find(({ legacy_id }) => legacy_id === legacyId.toString());
  expect(user(1001)).toEqual({
    legacy_id: "1001",
    starts: "#1001",
    letters: 5,
    password: "!",
    reset: false,
    active: false,
    joined_at: null,
    kept: { approved: null, is_admin: null, password_hash: null },
  });
  expect(user(1002)).toMatchObject({ starts: "user1#1002", reset: true, active: true, joined_at: null });
  expect(user(1003)).toMatchObject({ starts: "ü".repeat(10), letters: 205, reset: false, active: false });
  expect(user(1005)).toMatchObject({ starts: "nulbyte", reset: false, active: true });
  // An unknown password is kept where passwords are, and nowhere else.
  expect(await ask(target, "SELECT legacy_extra FROM accounts.users WHERE legacy_id = '1002'")).toEqual([
    {
      legacy_extra: {
        username: "user1",
        role: "",
        score: "3.5",
        created_at: "yesterday",
        last_seen: "1577836799",
      },
    },
  ]);
});

test("bytes that no text has are kept as bytes", async () => {
  const rows = await ask(
    target,
    `SELECT username, legacy_extra -> 'username' AS kept FROM accounts.users WHERE legacy_id IN ('1005', '1006') ORDER BY id`,
  );
  expect(rows).toEqual([
    { username: "nulbyte", kept: { bytes: "6e756c0062797465" } },
    { username: "\uFFFD\uFFFD", kept: { bytes: "ff00fe" } },
  ]);
});

test("a contact whose owner is gone, in quarantine or no number lands without one", async () => {
  const rows = await ask(
    target,
    `SELECT legacy_id, owner_id, tags, status, created_at::text, updated_at::text, legacy_extra ->> 'owner_id' AS kept
     FROM directory.contacts WHERE legacy_id LIKE '900_' ORDER BY id`,
  );
  expect(rows).toEqual([
    { legacy_id: "9001", owner_id: null, tags: [], status: "pending", created_at: null, updated_at: null, kept: null },
    {
      legacy_id: "9002",
      owner_id: null,
      tags: ["a", "b"],
      status: "approved",
      created_at: null,
      updated_at: null,
      kept: "77777",
    },
    {
      legacy_id: "9003",
      owner_id: null,
      tags: [],
      status: "pending",
      created_at: "2019-02-28 00:00:00+00",
      updated_at: "2019-12-31 22:00:00+00",
      kept: "-5",
    },
    {
      legacy_id: "9004",
      owner_id: null,
      tags: ["a", '"b'],
      status: "pending",
      created_at: null,
      updated_at: "2020-01-01 01:02:00+00",
      kept: "user1",
    },
  ]);
});

test("a circle of parents lands as it is, and a contact that is twice in a family is so here", async () => {
  const [circle] = await ask(
    target,
    `SELECT count(*)::integer AS relationships FROM directory.family_relationships WHERE legacy_id IN ('9005', '9006', '9007')`,
  );
  expect(circle).toEqual({ relationships: 3 });
  const [twice] = await ask(
    target,
    `SELECT count(*)::integer AS members, count(DISTINCT contact_id)::integer AS contacts
     FROM directory.family_members WHERE legacy_id IN ('9004', '9005')`,
  );
  expect(twice).toEqual({ members: 2, contacts: 1 });
});

test("a file outside of the folder of files has a row like any other, and its path as it was", async () => {
  const rows = await ask(
    target,
    `SELECT legacy_id, legacy_path FROM media.files WHERE legacy_id IN ('profile:26', 'image:9003', 'image:9005') ORDER BY 1`,
  );
  expect(rows).toEqual([
    { legacy_id: "image:9003", legacy_path: "lost/é.png" },
    { legacy_id: "profile:26", legacy_path: "../../etc/passwd" },
  ]);
});
