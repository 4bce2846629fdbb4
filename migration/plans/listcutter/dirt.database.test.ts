import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../../test/services/services.ts";
import type { Report } from "../../report.ts";
import { createLegacy, discard } from "../../test/legacy.ts";
import { ask, landAs, settingsFor } from "../../test/landing.ts";
import { lostOnTheWayBack } from "../../test/way-back.ts";
import { listcutter } from "./plan.ts";

let source: TestDatabase;
let target: TestDatabase;
let report: Report;

const files = {
  huge: "28e0e2bc-43a1-4448-8c8c-fdf87f499940",
  never: "6021dd2f-42e5-4676-a29d-b1a53657fd05",
  nobodys: "f8f7b2a1-4610-408c-9e97-8f97219fd95b",
  gone: "00000000-0000-0000-0000-000000000001",
} as const;

const dirt = `
ALTER TABLE lists_cutjob DROP CONSTRAINT lists_cutjob_result_id_c8a14976_fk_lists_uploadedfile_id;
ALTER TABLE lists_cutjob DROP CONSTRAINT lists_cutjob_saved_filter_id_b941458c_fk_lists_savedfilter_id;
ALTER TABLE lists_cutjob DROP CONSTRAINT lists_cutjob_source_id_2cdad46d_fk_lists_uploadedfile_id;
ALTER TABLE lists_savedfilter DROP CONSTRAINT lists_savedfilter_user_id_24ffb73a_fk_auth_user_id;
ALTER TABLE lists_uploadedfile DROP CONSTRAINT lists_uploadedfile_user_id_126c4548_fk_auth_user_id;
UPDATE lists_cutjob SET source_id = '${files.huge}', result_id = NULL, saved_filter_id = NULL
  WHERE source_id IN ('${files.never}', '${files.nobodys}') OR result_id IN ('${files.never}', '${files.nobodys}');
-- files: beyond 2^31 bytes, of a negative count, deleted for ever, uploaded never, of nobody, with odd paths and headings
UPDATE lists_uploadedfile SET size = 8589934592, row_count = -3, deleted_at = '-infinity', sha256 = '', columns = 'null' WHERE id = '${files.huge}';
UPDATE lists_uploadedfile SET uploaded_at = 'infinity' WHERE id = '${files.never}';
UPDATE lists_uploadedfile SET user_id = 999999 WHERE id = '${files.nobodys}';
INSERT INTO lists_uploadedfile (id, user_id, name, path, size, sha256, content_type, columns, status, uploaded_at) VALUES
  ('ffffffff-ffff-ffff-ffff-ffffffffffff', 1, '', '../../etc/passwd', -1, 'x', '', '{"a": {}}', '', '0001-01-01 00:00:00+00');
-- cuts
UPDATE lists_cutjob SET source_id = '${files.gone}' WHERE id = 1;
UPDATE lists_cutjob SET result_id = '${files.gone}', saved_filter_id = 99999 WHERE id = 2;
UPDATE lists_cutjob SET source_id = '${files.never}' WHERE id = 3;
UPDATE lists_cutjob SET result_id = '${files.nobodys}' WHERE id = 4;
UPDATE lists_cutjob SET rows_in = -1 WHERE id = 5;
UPDATE lists_cutjob SET rows_out = -1 WHERE id = 6;
UPDATE lists_cutjob SET took = '1 mon 30 days -05:00:00.000001' WHERE id = 7;
UPDATE lists_cutjob SET took = 'infinity' WHERE id = 8;
UPDATE lists_cutjob SET started_at = '-infinity' WHERE id = 9;
-- filters
UPDATE lists_savedfilter SET user_id = 999999 WHERE id = 1;
UPDATE lists_savedfilter SET updated_at = 'infinity' WHERE id = 2;
UPDATE lists_savedfilter SET criteria = '[9007199254740993, 1e-3, "\\ud83d\\ude00"]' WHERE id = 3;
UPDATE lists_cutjob SET saved_filter_id = 4 WHERE saved_filter_id IN (1, 2);
UPDATE lists_cutjob SET saved_filter_id = 1 WHERE id = 10;
-- Django's own log: of a list, of a filter, of a type that no longer is there, with a flag of somebody's own
INSERT INTO django_admin_log (id, action_time, object_id, object_repr, action_flag, change_message, content_type_id, user_id) VALUES
  (1, '2026-01-01', '${files.huge}', 'a list', 1, '', 7, 1), (2, '2026-01-01', '12', 'a filter', 2, '[]', 8, 2),
  (3, '2026-01-01', NULL, 'nothing', 9, '', NULL, 3);
INSERT INTO django_content_type (id, app_label, model) VALUES (55, 'gone', 'thing');
`;

beforeAll(async () => {
  [source, target] = await Promise.all([createLegacy("listcutter"), createDatabase()]);
  await ask(source, dirt);
  const sources = new Map([["listcutter", { kind: "postgresql", config: source } as const]]);
  report = await landAs(settingsFor(source, target, { systems: ["listcutter"], sources }));
});

afterAll(async () => {
  await discard(source, target);
});

test("a dirty source lands and is verified all the same", () => {
  expect(report.verification.filter(({ passed }) => !passed)).toEqual([]);
  expect(report.state).toBe("verified");
});

test("only what has no place here is in quarantine, and what cannot do without it", async () => {
  const held = await ask<{ source_table: string; legacy_id: string; rule: string }>(
    target,
    "SELECT source_table, legacy_id, rule FROM operations.quarantine ORDER BY source_table, legacy_id",
  );
  expect(held.map((row) => [row.source_table, row.legacy_id, row.rule])).toEqual([
    ["django_content_type", "55", "content-type-unused"],
    ["lists_cutjob", "1", "parent-missing"],
    ["lists_cutjob", "3", "parent-quarantined"],
    ["lists_cutjob", "5", "rows-in-negative"],
    ["lists_cutjob", "9", "instant-unreadable"],
    ["lists_savedfilter", "1", "parent-missing"],
    ["lists_savedfilter", "2", "updated-at-unreadable"],
    ["lists_uploadedfile", files.never, "instant-unreadable"],
    ["lists_uploadedfile", files.nobodys, "parent-missing"],
  ]);
});

test("repairs are made and counted", () => {
  expect(report.details[0]?.repairs).toEqual([
    { table: "lists_cutjob", rule: "result-id-dangling", rows: 2 },
    { table: "lists_cutjob", rule: "rows-out-negative", rows: 1 },
    { table: "lists_cutjob", rule: "saved-filter-id-dangling", rows: 2 },
    { table: "lists_cutjob", rule: "took-infinite", rows: 1 },
    { table: "lists_uploadedfile", rule: "deleted-at-unreadable", rows: 1 },
    { table: "lists_uploadedfile", rule: "row-count-negative", rows: 1 },
    { table: "stored_file", rule: "deleted-at-unreadable", rows: 1 },
    { table: "stored_file", rule: "uploaded-at-unreadable", rows: 1 },
    { table: "stored_file", rule: "user-id-dangling", rows: 1 },
  ]);
});

test("a file is what its row says, however odd, and what was repaired is kept", async () => {
  const [huge] = await ask(
    target,
    `SELECT m.size, m.digest, f.columns, f.row_count, f.deleted_at, f.legacy_extra FROM lists.files f JOIN media.files m ON m.id = f.file_id
     WHERE f.id = '${files.huge}'`,
  );
  expect(huge).toEqual({
    size: "8589934592",
    digest: "",
    columns: null,
    row_count: null,
    deleted_at: null,
    legacy_extra: { row_count: -3, deleted_at: "-infinity" },
  });
  const [nobodys] = await ask(
    target,
    `SELECT owner_id, legacy_extra FROM media.files WHERE legacy_id = '${files.nobodys}'`,
  );
  expect(nobodys).toEqual({ owner_id: null, legacy_extra: { user_id: 999999 } });
});

test("a time that a cut took is the same interval", async () => {
  const [job] = await ask(target, "SELECT took::text FROM lists.cut_jobs WHERE legacy_id = '7'");
  expect(job).toEqual({ took: "1 mon 30 days -05:00:00.000001" });
});

test("the log points to the rows here whose numbers it has, and keeps what it said", async () => {
  const log = await ask(
    target,
    "SELECT action, object_type, object_id::text, legacy_object_id FROM operations.audit_log WHERE source_system = 'listcutter' ORDER BY id",
  );
  expect(log).toEqual([
    { action: "add", object_type: "lists.uploadedfile", object_id: null, legacy_object_id: files.huge },
    {
      action: "change",
      object_type: "lists.savedfilter",
      object_id: (5 * 2 ** 40 + 12).toString(),
      legacy_object_id: "12",
    },
    { action: "flag 9", object_type: null, object_id: null, legacy_object_id: null },
  ]);
});

test("the way back leads to the very rows, repaired ones too", async () => {
  expect(await lostOnTheWayBack(listcutter, source, target)).toEqual([]);
});
