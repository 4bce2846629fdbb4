import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../../test/services/services.ts";
import type { Report } from "../../report.ts";
import { discard } from "../../test/legacy.ts";
import { ask } from "../../test/landing.ts";
import { heldRows, landSample, lostOnTheWayBack, repairedRows, unpackSample, type Sample } from "./test/sample.ts";

let sample: Sample;
let target: TestDatabase;
let report: Report;

beforeAll(async () => {
  sample = unpackSample();
  target = await createDatabase();
  report = await landSample(sample, target);
});

afterAll(async () => {
  sample.remove();
  await discard(target);
});

test("every row of the sample lands or is held back, and the move is verified", () => {
  expect(report.verification.filter(({ passed }) => !passed)).toEqual([]);
  expect(report.state).toBe("verified");
  const counted = report.tables.map((table) => [
    table.source,
    table.sourceRows,
    table.targetRows,
    table.quarantinedRows,
    table.repairedRows,
  ]);
  expect(counted).toEqual([
    ["user", 250, 250, 0, 2],
    ["profile", 231, 231, 0, 0],
    ["role", 3, 3, 0, 0],
    ["user_role", 250, 250, 0, 0],
    ["permission", 4, 4, 0, 0],
    ["user_permission", 72, 72, 0, 0],
    ["phonebook_entry", 2500, 2500, 0, 2],
    ["entry_image", 150, 150, 0, 0],
    ["search_history", 3000, 3000, 0, 0],
    ["family_group", 60, 60, 0, 0],
    ["family_member", 300, 300, 0, 0],
    ["family_relationship", 402, 397, 5, 0],
    ["score_event", 2000, 2000, 0, 0],
    ["moderation_item", 300, 300, 0, 0],
    ["system_config", 4, 4, 0, 0],
    ["audit_log", 3000, 3000, 0, 1005],
    ["media_file", 150, 150, 0, 0],
    ["unlisted_file", 47, 47, 0, 0],
  ]);
});

test("what is held back is a relative of oneself or of nobody, or is there twice; what is repaired is counted", async () => {
  expect(await heldRows(target)).toEqual({
    family_relationship: { "related-to-oneself": ["136", "351", "401"], "parent-missing": ["402"], duplicate: ["319"] },
  });
  expect(repairedRows(report)).toEqual({
    "user approved-respelled": 1,
    "user score-unreadable": 1,
    "phonebook_entry created-at-respelled": 2,
    "audit_log ip-not-an-address": 994,
    "audit_log user-id-dangling": 15,
  });
});

test("the plan's way back leads to what the file holds", async () => {
  expect(await lostOnTheWayBack(sample, target)).toEqual([]);
});

test("a user has the role and the permissions that the legacy system gave, and who gave them is known", async () => {
  const [user] = await ask(
    target,
    `SELECT u.username, u.is_superuser, u.is_active, u.is_staff, r.name AS role, r.source_system AS system,
       array_agg(p.object_type || '.' || p.code ORDER BY p.code) AS permissions,
       bool_and(g.username = 'user1') AS by_first, min(m.granted_at)::text AS since
     FROM accounts.users u JOIN accounts.user_roles o ON o.user_id = u.id JOIN accounts.roles r ON r.id = o.role_id
     JOIN accounts.user_permissions m ON m.user_id = u.id JOIN accounts.permissions p ON p.id = m.permission_id
     JOIN accounts.users g ON g.id = m.granted_by
     WHERE u.legacy_id = '1' GROUP BY u.id, r.id`,
  );
  expect(user).toEqual({
    username: "user1",
    is_superuser: true,
    is_active: true,
    is_staff: true,
    role: "moderator",
    system: "dirfinal",
    permissions: ["dirfinal.export", "dirfinal.moderate"],
    by_first: true,
    since: "2025-04-08 08:33:16.138482+00",
  });
});

test("what a loosely typed column held is taken for what it says, or left empty, and is kept either way", async () => {
  const users = await ask(
    target,
    `SELECT legacy_id, is_active, score, legacy_extra FROM accounts.users WHERE legacy_extra IS NOT NULL ORDER BY id`,
  );
  expect(users).toEqual([
    { legacy_id: "9", is_active: true, score: null, legacy_extra: { score: "many" } },
    { legacy_id: "14", is_active: true, score: "0", legacy_extra: { approved: "t" } },
  ]);
  const [contact] = await ask(
    target,
    "SELECT created_at::text, tags, owner_id::text, legacy_extra FROM directory.contacts WHERE legacy_id = '7'",
  );
  expect(contact).toEqual({
    created_at: "2019-12-31 23:59:00+00",
    tags: ["work", "fam", "ily"],
    owner_id: (2 * 2 ** 40 + 185).toString(),
    legacy_extra: { created_at: "12/31/2019 23:59" },
  });
});

test("two accounts with one e-mail stay two", async () => {
  const rows = await ask(target, "SELECT legacy_id FROM accounts.users WHERE email = 'shared@example.org' ORDER BY id");
  expect(rows).toEqual([{ legacy_id: "11" }, { legacy_id: "12" }]);
});

test("an entry of the audit trail stays when its user never was, and says whom it named", async () => {
  const rows = await ask(
    target,
    `SELECT DISTINCT user_id, legacy_extra ->> 'user_id' AS named FROM operations.audit_log
     WHERE legacy_extra ? 'user_id' ORDER BY 2`,
  );
  expect(rows).toEqual([
    { user_id: null, named: "0" },
    { user_id: null, named: "99999" },
  ]);
});

test("a setting is the value that its kind says, beside the text", async () => {
  const rows = await ask(target, "SELECT key, value, stored FROM operations.system_configuration ORDER BY key");
  expect(rows).toEqual([
    { key: "colors", value: { a: 1 }, stored: '{"a": 1}' },
    { key: "signup.open", value: true, stored: "yes" },
    { key: "site.name", value: "Directory é", stored: "Directory é" },
    { key: "uploads.max_mb", value: 5, stored: "5" },
  ]);
});

test("every file that an image or a profile names is there, whether the list of files knows of it or not", async () => {
  const [without] = await ask(
    target,
    `SELECT count(*)::integer AS images FROM directory.contact_images i
     WHERE NOT EXISTS (SELECT FROM media.files f WHERE f.legacy_path = i.path AND f.digest_algorithm = 'sha256')`,
  );
  expect(without).toEqual({ images: 0 });
  const [photo] = await ask(
    target,
    `SELECT f.legacy_id, f.object_key, u.legacy_id AS owner FROM accounts.profiles p
     JOIN media.files f ON f.legacy_path = p.avatar JOIN accounts.users u ON u.id = f.owner_id WHERE p.legacy_id = '5'`,
  );
  expect(photo).toEqual({ legacy_id: "profile:5", object_key: "dirfinal/photos/5.png", owner: "5" });
});

test("an approval points to the contact or the image that it is about", async () => {
  const [wrong] = await ask(
    target,
    `SELECT count(*)::integer AS items FROM directory.moderation_items m
     LEFT JOIN directory.contacts c ON c.id = m.object_id AND m.kind = 'entry'
     LEFT JOIN directory.contact_images i ON i.id = m.object_id AND m.kind = 'image'
     WHERE coalesce(c.legacy_id, i.legacy_id) IS DISTINCT FROM m.legacy_object_id`,
  );
  expect(wrong).toEqual({ items: 0 });
});
