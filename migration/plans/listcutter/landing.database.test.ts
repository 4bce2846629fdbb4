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

beforeAll(async () => {
  [source, target] = await Promise.all([createLegacy("listcutter"), createDatabase()]);
  const sources = new Map([["listcutter", { kind: "postgresql", config: source } as const]]);
  report = await landAs(settingsFor(source, target, { systems: ["listcutter"], sources }));
});

afterAll(async () => {
  await discard(source, target);
});

test("every row of the sample lands as it is, and the move is verified", () => {
  expect(report.state).toBe("verified");
  expect(report.verification.filter(({ passed }) => !passed)).toEqual([]);
  expect(report.quarantine).toEqual([]);
  expect(report.details[0]?.repairs).toEqual([]);
  expect(report.tables.map((table) => [table.source, table.sourceRows, table.targetRows])).toEqual([
    ["auth_user", 300, 300],
    ["auth_group", 4, 4],
    ["auth_permission", 36, 36],
    ["auth_group_permissions", 27, 27],
    ["auth_user_groups", 300, 300],
    ["auth_user_user_permissions", 12, 12],
    ["stored_file", 250, 250],
    ["lists_uploadedfile", 250, 250],
    ["lists_savedfilter", 400, 400],
    ["lists_cutjob", 1500, 1500],
    ["django_admin_log", 0, 0],
    ["django_content_type", 9, 9],
    ["django_session", 0, 0],
    ["django_migrations", 18, 0],
  ]);
});

test("a list keeps its UUID, and names the file that it was uploaded as", async () => {
  const [list] = await ask(
    target,
    `SELECT f.id, u.username, f.name, f.columns, f.row_count, m.legacy_path, m.object_key, m.size, m.digest, m.digest_algorithm,
       m.owner_id = f.user_id AS "ownersAgree", m.id >= 5.5 * 2 ^ 40 AND m.id < 6 * 2 ^ 40 AS "idIsOfAName"
     FROM lists.files f JOIN media.files m ON m.id = f.file_id JOIN accounts.users u ON u.id = f.user_id
     WHERE f.id = '6021dd2f-42e5-4676-a29d-b1a53657fd05'`,
  );
  expect(list).toEqual({
    id: "6021dd2f-42e5-4676-a29d-b1a53657fd05",
    username: "user227",
    name: "O'Brien; DROP TABLE x--",
    columns: ["id", "name", "email", "city", "amount"],
    row_count: 43,
    legacy_path: "uploads/227/6021dd2f-42e5-4676-a29d-b1a53657fd05.csv",
    object_key: "listcutter/uploads/227/6021dd2f-42e5-4676-a29d-b1a53657fd05.csv",
    size: "2745",
    digest: "9131eab12fcc2ef1092c9480c72ea3c85a435bb91f72907674911078f61ccd20",
    digest_algorithm: "sha256",
    ownersAgree: true,
    idIsOfAName: true,
  });
});

test("a cut refers to its lists and its filter, also where the result is the list itself", async () => {
  const [job] = await ask(
    target,
    `SELECT j.source_file_id, j.result_file_id, s.legacy_id AS filter, j.took::text, j.rows_in, j.rows_out
     FROM lists.cut_jobs j JOIN lists.saved_filters s ON s.id = j.saved_filter_id WHERE j.legacy_id = '1'`,
  );
  expect(job).toEqual({
    source_file_id: "22b08966-6883-463f-8c8b-2fceb6a0b7df",
    result_file_id: "d4a1b1e0-d0af-4760-a0e3-5fa00e870cd1",
    filter: "216",
    took: "00:13:09.742",
    rows_in: 427741,
    rows_out: 47025,
  });
  const [itself] = await ask(
    target,
    "SELECT count(*)::integer AS jobs FROM lists.cut_jobs WHERE source_file_id = result_file_id",
  );
  expect(itself).toEqual({ jobs: 3 });
});

test("the way back leads to the very rows", async () => {
  expect(await lostOnTheWayBack(listcutter, source, target)).toEqual([]);
});
