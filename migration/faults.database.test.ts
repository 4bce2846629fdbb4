import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../test/services/services.ts";
import { verifyCommand } from "./commands/verify.ts";
import type { VerificationReport } from "./report.ts";
import { createLegacy, discard } from "./test/legacy.ts";
import { ask, contentOf, landAs, readReport, settingsFor, silent } from "./test/landing.ts";

let source: TestDatabase;
let target: TestDatabase;
const window = 2 ** 40;

beforeAll(async () => {
  [source, target] = await Promise.all([createLegacy("learnmore"), createDatabase()]);
  await landAs(settingsFor(source, target));
});

afterAll(async () => {
  await discard(source, target);
});

/** What the verification finds wrong, after `fault` and before `repair`. */
async function findings(hashes: "auto" | "text", fault: string, repair: string): Promise<VerificationReport[]> {
  await ask(target, fault);
  try {
    const settings = settingsFor(source, target, { hashes });
    await expect(verifyCommand(settings, silent)).rejects.toThrow(/learnmore differs/);
    return readReport(settings).verification.filter(({ passed }) => !passed);
  } finally {
    await ask(target, repair);
  }
}

const difference = (legacyId: string, fault: string, columns?: string[]) => ({
  differences: [{ legacyId, fault, ...(columns === undefined ? {} : { columns }) }],
  more: false,
});

const plain = [
  {
    name: "one character",
    fault: `UPDATE learning.modules SET content = overlay(content placing '#' from 7 for 1) WHERE legacy_id = '33';`,
    undo: (before: string) => `UPDATE learning.modules SET content = ${before} WHERE legacy_id = '33'`,
    value: `SELECT quote_literal(content) AS before FROM learning.modules WHERE legacy_id = '33'`,
    subject: "learning.modules",
    legacyId: "33",
    column: "content",
  },
  {
    name: "a trailing space",
    fault: `UPDATE accounts.users SET last_name = last_name || ' ' WHERE legacy_id = '599'`,
    undo: (before: string) => `UPDATE accounts.users SET last_name = ${before} WHERE legacy_id = '599'`,
    value: `SELECT quote_literal(last_name) AS before FROM accounts.users WHERE legacy_id = '599'`,
    subject: "accounts.users",
    legacyId: "599",
    column: "last_name",
  },
  {
    name: "a cent",
    fault: `UPDATE learning.progress SET percent = percent - 0.01 WHERE legacy_id = '2877'`,
    undo: () => `UPDATE learning.progress SET percent = percent + 0.01 WHERE legacy_id = '2877'`,
    value: `SELECT '' AS before`,
    subject: "learning.progress",
    legacyId: "2877",
    column: "percent",
  },
  {
    name: "a flipped boolean",
    fault: `UPDATE quizzes.choices SET is_correct = NOT is_correct WHERE legacy_id = '1'`,
    undo: () => `UPDATE quizzes.choices SET is_correct = NOT is_correct WHERE legacy_id = '1'`,
    value: `SELECT '' AS before`,
    subject: "quizzes.choices",
    legacyId: "1",
    column: "is_correct",
  },
  {
    name: "a wrong time zone",
    fault: `UPDATE quizzes.attempts SET started_at = started_at + interval '1 hour' WHERE legacy_id = '77'`,
    undo: () => `UPDATE quizzes.attempts SET started_at = started_at - interval '1 hour' WHERE legacy_id = '77'`,
    value: `SELECT '' AS before`,
    subject: "quizzes.attempts",
    legacyId: "77",
    column: "started_at",
  },
  {
    name: "a microsecond",
    fault: `UPDATE analytics.events SET at = at + interval '1 microsecond' WHERE legacy_id = '8a02d11d-397e-4526-abd7-861702beeecd'`,
    undo: () =>
      `UPDATE analytics.events SET at = at - interval '1 microsecond' WHERE legacy_id = '8a02d11d-397e-4526-abd7-861702beeecd'`,
    value: `SELECT '' AS before`,
    subject: "analytics.events",
    legacyId: "8a02d11d-397e-4526-abd7-861702beeecd",
    column: "at",
  },
  {
    name: "an interval that only reads otherwise",
    fault: `UPDATE learning.progress SET time_spent = interval '1 day' WHERE legacy_id = '5'`,
    undo: (before: string) => `UPDATE learning.progress SET time_spent = ${before} WHERE legacy_id = '5'`,
    value: `SELECT quote_literal(time_spent::text) AS before FROM learning.progress WHERE legacy_id = '5'`,
    subject: "learning.progress",
    legacyId: "5",
    column: "time_spent",
  },
  {
    name: "an empty text for a missing one",
    fault: `UPDATE accounts.profiles SET avatar = '' WHERE legacy_id = '1'`,
    undo: () => `UPDATE accounts.profiles SET avatar = NULL WHERE legacy_id = '1'`,
    value: `SELECT '' AS before`,
    subject: "accounts.profiles",
    legacyId: "1",
    column: "avatar",
  },
] as const;

describe.each(["auto", "text"] as const)("with hashes %s", (hashes) => {
  test.each(plain)("$name is found and named", async ({ fault, undo, value, subject, legacyId, column }) => {
    const [row] = await ask<{ before: string }>(target, value);
    const found = await findings(hashes, fault, undo(row?.before ?? ""));
    expect(found).toEqual([
      expect.objectContaining({ name: "content", subject, detail: difference(legacyId, "differs", [column]) }),
    ]);
  });

  test("a lost row is found and named", async () => {
    await ask(target, "CREATE TABLE public.saved AS SELECT * FROM quizzes.responses WHERE legacy_id = '742'");
    const found = await findings(
      hashes,
      "DELETE FROM quizzes.responses WHERE legacy_id = '742'",
      "INSERT INTO quizzes.responses SELECT * FROM public.saved; DROP TABLE public.saved",
    );
    expect(found.map(({ name, subject }) => `${name} ${subject}`)).toEqual([
      "content quizzes.responses",
      "accounted quizzes_response",
    ]);
    expect(found[0]?.detail).toEqual(difference("742", "missing"));
    expect(found[1]).toMatchObject({ expected: "742 rows", found: "741 rows" });
  });

  test("a doubled row is found and named", async () => {
    const found = await findings(
      hashes,
      `INSERT INTO quizzes.responses (id, source_system, legacy_id, attempt_id, question_id)
       SELECT ${window.toString()} + 743, source_system, '743', attempt_id, question_id FROM quizzes.responses WHERE legacy_id = '742'`,
      "DELETE FROM quizzes.responses WHERE legacy_id = '743'",
    );
    expect(found.map(({ name, subject }) => `${name} ${subject}`)).toEqual([
      "content quizzes.responses",
      "accounted quizzes_response",
    ]);
    expect(found[0]?.detail).toEqual(difference("743", "unexpected"));
  });

  test("a row that is there twice while another is lost is found, although the count is right", async () => {
    const twice =
      "UPDATE analytics.daily_course_statistics SET legacy_id = '800', id = id + 1000000, day = day WHERE legacy_id = '9'";
    await ask(
      target,
      "ALTER TABLE analytics.daily_course_statistics DROP CONSTRAINT daily_course_statistics_legacy_id_source_system_key",
    );
    const found = await findings(
      hashes,
      twice,
      `UPDATE analytics.daily_course_statistics SET legacy_id = '9', id = id - 1000000 WHERE legacy_id = '800' AND id > ${window.toString()} + 1000000`,
    );
    await ask(target, "ALTER TABLE analytics.daily_course_statistics ADD UNIQUE (legacy_id, source_system)");
    expect(found.map(({ name }) => name)).toEqual(["content", "identity"]);
    expect(found[0]?.detail).toMatchObject({
      differences: expect.arrayContaining([
        { legacyId: "9", fault: "missing" },
        { legacyId: "800", fault: "unexpected" },
      ]) as unknown,
    });
  });

  test("a right that a user should not have is found, with the user", async () => {
    const [one] = await ask<{ id: string }>(
      target,
      `SELECT p.id FROM accounts.permissions p WHERE p.code = 'delete_session' AND p.source_system = 'learnmore'`,
    );
    const found = await findings(
      hashes,
      `INSERT INTO accounts.user_permissions (user_id, permission_id) VALUES (${(window + 7).toString()}, ${one?.id ?? ""})`,
      `DELETE FROM accounts.user_permissions WHERE source_system IS NULL`,
    );
    expect(found.map(({ name }) => name)).toEqual(["effective-rights"]);
    expect(found[0]?.detail).toMatchObject({ differences: [{ legacyId: "7" }] });
  });
});

test("a reference that leads nowhere is found", async () => {
  await ask(target, "ALTER TABLE learning.enrollments DROP CONSTRAINT enrollments_user_id_fkey");
  const [row] = await ask<{ user_id: string }>(
    target,
    "SELECT user_id FROM learning.enrollments WHERE legacy_id = '1'",
  );
  const found = await findings(
    "auto",
    `UPDATE learning.enrollments SET user_id = ${(window + 100_000).toString()} WHERE legacy_id = '1'`,
    `UPDATE learning.enrollments SET user_id = ${row?.user_id ?? ""} WHERE legacy_id = '1';
     ALTER TABLE learning.enrollments ADD CONSTRAINT enrollments_user_id_fkey FOREIGN KEY (user_id) REFERENCES accounts.users (id)`,
  );
  expect(found).toContainEqual(
    expect.objectContaining({ name: "references", subject: "learning.enrollments.user_id", found: "1 orphans" }),
  );
});

test("a platform role that a migrated user has is found", async () => {
  const found = await findings(
    "auto",
    `INSERT INTO accounts.user_roles (user_id, role_id) SELECT ${(window + 7).toString()}, id FROM accounts.roles WHERE name = 'operator' AND source_system IS NULL`,
    "DELETE FROM accounts.user_roles WHERE source_system IS NULL",
  );
  expect(found.map(({ name }) => name)).toContain("platform-roles");
});

test("a sequence that has fallen behind is found", async () => {
  await ask(target, "INSERT INTO accounts.roles (id, name) VALUES (5000, 'ahead')");
  const found = await findings("auto", "SELECT 1", "DELETE FROM accounts.roles WHERE id = 5000");
  expect(found).toEqual([expect.objectContaining({ name: "sequence", subject: "accounts.roles" })]);
});

test("a failed verification invalidates the run, and the next one starts over and is right", async () => {
  const before = await contentOf(target);
  await ask(
    target,
    `UPDATE migration.runs SET state = 'verifying' WHERE state = 'verified';
     UPDATE learning.courses SET title = title || '!' WHERE legacy_id = '4'`,
  );
  const settings = settingsFor(source, target);
  await expect(landAs(settings)).rejects.toThrow(/content of learning\.courses/);
  const report = readReport(settings);
  expect(report.state).toBe("failed");
  expect(report.failure).toContain("content of learning.courses");
  expect(report.tables.find((table) => table.source === "courses_course")).toBeDefined();
  const states = await ask(
    target,
    "SELECT state FROM operations.migration_tables WHERE source_table = 'courses_course'",
  );
  expect(states).toEqual([{ state: "differs" }]);
  const again = await landAs(settingsFor(source, target));
  expect(again.state).toBe("verified");
  expect(again.details[0]?.runId).not.toBe(report.details[0]?.runId);
  expect(await contentOf(target)).toEqual(before);
});

test("a fault is found though the record of a table's chunks has gaps", async () => {
  const [kept] = await ask<{ chunk: string }>(
    target,
    `SELECT quote_literal(to_jsonb(c)) AS chunk FROM migration.chunks c WHERE source_table = 'courses_module' AND high IS NULL`,
  );
  const last = "WHERE id = (SELECT max(id) FROM learning.modules)";
  const found = await findings(
    "auto",
    `DELETE FROM migration.chunks WHERE source_table = 'courses_module' AND high IS NULL;
     UPDATE learning.modules SET position = position + 1 ${last}`,
    `INSERT INTO migration.chunks SELECT * FROM jsonb_populate_record(NULL::migration.chunks, ${kept?.chunk ?? ""});
     UPDATE learning.modules SET position = position - 1 ${last}`,
  );
  expect(found).toMatchObject([
    {
      name: "content",
      subject: "learning.modules",
      detail: { differences: [{ fault: "differs", columns: ["position"] }] },
    },
  ]);
});

test("a row of the system in a table that it lands nothing in is found, and gone when the system lands again", async () => {
  const stray =
    "INSERT INTO learning.categories (id, name, source_system, legacy_id) VALUES (77, 'stray', 'learnmore', '77')";
  expect(await findings("auto", stray, "DELETE FROM learning.categories WHERE id = 77")).toMatchObject([
    { name: "strays", found: "1 rows", detail: { tables: { "learning.categories": 1 } } },
  ]);
  await ask(target, stray);
  // A table of somebody's own is none of ours, whatever its columns are called.
  await ask(target, "CREATE TABLE public.kept AS SELECT * FROM learning.courses WHERE source_system = 'learnmore'");
  const report = await landAs(settingsFor(source, target, { again: new Set(["learnmore"]) }));
  expect(report.state).toBe("verified");
  expect(await ask(target, "SELECT FROM learning.categories WHERE id = 77")).toEqual([]);
  expect(await ask(target, "SELECT count(*)::integer AS rows FROM public.kept")).toEqual([{ rows: 40 }]);
});
