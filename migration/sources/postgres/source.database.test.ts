import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../../test/services/services.ts";
import { until } from "../../../test/stacks/until.ts";
import { Connection } from "../../sql/connection.ts";
import type { Sums } from "../../sql/fingerprints.ts";
import { chunksBetween } from "../../sql/range.ts";
import { profileTables } from "../../engine/survey.ts";
import { learnmore } from "../../plans/learnmore/plan.ts";
import { mappedTables, type MappedTable, type Plan } from "../../plans/plan.ts";
import { readTarget } from "../../target/catalogue.ts";
import { createLegacy, discard } from "../../test/legacy.ts";
import { ask, landAs, settingsFor } from "../../test/landing.ts";
import type { Profile, SourceSnapshot } from "../source.ts";
import { openPostgres } from "./source.ts";

let source: TestDatabase;
let target: TestDatabase;

beforeAll(async () => {
  [source, target] = await Promise.all([createLegacy("learnmore"), createDatabase()]);
  await landAs(settingsFor(source, target));
  await ask(
    source,
    `ALTER TABLE courses_module ALTER title DROP NOT NULL;
     UPDATE courses_module SET title = NULL WHERE id = 5;
     UPDATE courses_progress SET percent = 100.01 WHERE id IN (1, 2, 3);
     UPDATE auth_user SET date_joined = 'infinity' WHERE id % 50 = 0;
     INSERT INTO courses_course (id, title, slug, description, status, instructor_id, created_at, settings)
       VALUES (9223372036854775807, '', '', '', '', 1, now(), '{}')`,
  );
});

afterAll(async () => {
  await discard(source, target);
});

/** LearnMore's plan without any rule of its own that rejects rows. */
const ruleless: Plan = {
  ...learnmore,
  tables: learnmore.tables.map((table) => (table.disposition === "mapped" ? { ...table, rejects: [] } : table)),
};

async function inSnapshot<Result>(
  of: { plan: Plan; limit?: number },
  work: (snapshot: SourceSnapshot, profiles: Map<string, Profile>) => Promise<Result>,
): Promise<Result> {
  const connection = await Connection.open(target);
  const opened = await openPostgres(of.plan, source, of.limit);
  const snapshot = await opened.snapshot();
  try {
    const names = mappedTables(of.plan).map((table) => table.target);
    const targets = await readTarget(connection.client, names);
    const profiles = await profileTables({ plan: of.plan, snapshot, catalogue: opened.catalogue, targets });
    return await work(snapshot, profiles);
  } finally {
    await Promise.all([snapshot.close(), opened.close(), connection.close()]);
  }
}

const mapped = (name: string): MappedTable => {
  const table = mappedTables(learnmore).find((one) => one.source === name);
  if (table === undefined) throw new Error(name);
  return table;
};

test("what breaks a constraint of the new schema is held back even where the plan has no rule for it", async () => {
  const rules = await inSnapshot({ plan: ruleless }, (_, profiles) =>
    Promise.resolve(
      ["courses_progress", "courses_module"].map((name) =>
        profiles.get(name)?.quarantine.map(({ rule, rows }) => [rule, rows]),
      ),
    ),
  );
  expect(rules).toEqual([
    [
      ["parent-quarantined", expect.any(Number)],
      ["constraint:progress_percent_check", 3],
    ],
    [["constraint:title-not-null", 1]],
  ]);
});

test("rejected rows are the same whether they are listed or worked out anew", async () => {
  const survey = (limit: number) =>
    inSnapshot({ plan: learnmore, limit }, async (snapshot, profiles) => {
      const reader = await snapshot.reader();
      try {
        const sums: unknown[] = [];
        for (const table of mappedTables(learnmore)) {
          sums.push(await reader.fingerprints.sums({ table, chunk: { number: 1, low: null, high: null } }, "native"));
        }
        sums.push(await reader.fingerprints.sums("rights", "native"));
        return { sums, profiles: [...profiles] };
      } finally {
        await reader.close();
      }
    });
  const listed = await survey(100_000);
  expect(listed.profiles.find(([name]) => name === "auth_user")?.[1].rejected).toBe(12);
  expect(await survey(0)).toEqual(listed);
});

test.each([
  ["dense numbers", "quizzes_response", 90],
  ["numbers with one far away", "courses_course", 7],
  ["UUIDs", "analytics_event", 700],
  ["numbers that are not the key", "accounts_profile", 100],
])("chunks over %s hold every row once, and about as many as they should", async (_, name, perChunk) => {
  const table = mapped(name);
  await inSnapshot({ plan: learnmore }, async (snapshot, profiles) => {
    const rows = profiles.get(name)?.rows ?? 0;
    const chunks = chunksBetween(await snapshot.boundaries(table, { rows, perChunk }));
    const reader = await snapshot.reader();
    try {
      const whole = await reader.fingerprints.sums({ table, chunk: { number: 1, low: null, high: null } }, "native");
      const parts: Sums[] = [];
      for (const chunk of chunks) parts.push(await reader.fingerprints.sums({ table, chunk }, "native"));
      const total = (key: "rows" | "first"): string =>
        parts.reduce((sum, part) => sum + BigInt(part[key]), 0n).toString();
      expect(chunks.length).toBe(Math.ceil(rows / perChunk));
      expect(Math.max(...parts.map((part) => Number(part.rows)))).toBeLessThanOrEqual(perChunk * 1.2);
      expect([total("rows"), total("first")]).toEqual([whole.rows, whole.first]);
    } finally {
      await reader.close();
    }
  });
});

test("a connection that cannot join the snapshot is closed, so that the process can end", async () => {
  const opened = await openPostgres(learnmore, { ...source, application_name: "joining" });
  const snapshot = await opened.snapshot();
  const theirs = "FROM pg_stat_activity WHERE application_name = 'joining'";
  await ask(source, `SELECT pg_terminate_backend(pid) ${theirs} AND state = 'idle in transaction'`);
  await expect(snapshot.reader()).rejects.toThrow("snapshot");
  await Promise.all([snapshot.close(), opened.close()]);
  await until("all connections are closed", async () => (await ask(source, `SELECT pid ${theirs}`)).length === 0);
});
