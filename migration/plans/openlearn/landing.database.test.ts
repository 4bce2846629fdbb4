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

beforeAll(async () => {
  [source, target] = await Promise.all([createLegacy("openlearn"), createDatabase()]);
  const sources = new Map([["openlearn", { kind: "postgresql", config: source } as const]]);
  report = await landAs(settingsFor(source, target, { systems: ["openlearn"], sources }));
});

afterAll(async () => {
  await discard(source, target);
});

test("every row of the sample lands, and the move is verified", () => {
  expect(report.state).toBe("verified");
  expect(report.verification.filter(({ passed }) => !passed)).toEqual([]);
  expect(report.quarantine).toEqual([]);
  const counted = report.tables.map((table) => [table.source, table.sourceRows, table.targetRows, table.repairedRows]);
  expect(counted).toEqual([
    ["users", 60, 60, 0],
    ["role", 2, 2, 0],
    ["user_role", 60, 60, 0],
    ["sources", 30, 30, 0],
    ["documents", 3000, 3000, 0],
    ["scrape_runs", 600, 600, 150],
    ["alerts", 100, 100, 0],
    ["apscheduler_jobs", 30, 0, 0],
  ]);
  expect(report.details[0]?.repairs).toEqual([{ table: "scrape_runs", rule: "finished-before-started", rows: 150 }]);
});

test("a user is known by the e-mail, has the role as one of the system's own, and joined in UTC", async () => {
  const [user] = await ask(
    target,
    `SELECT u.username, u.email, u.is_staff, u.is_superuser, u.joined_at::text, array_agg(r.name) AS roles, array_agg(r.source_system) AS systems
     FROM accounts.users u JOIN accounts.user_roles m ON m.user_id = u.id JOIN accounts.roles r ON r.id = m.role_id
     WHERE u.legacy_id = '2' GROUP BY u.id`,
  );
  expect(user).toEqual({
    username: "analyst2@openlearn.example",
    email: "analyst2@openlearn.example",
    is_staff: true,
    is_superuser: false,
    joined_at: "2024-10-28 21:25:16.316756+00",
    roles: ["admin"],
    systems: ["openlearn"],
  });
});

test("a document is what it was, its JSON parsed", async () => {
  const [document] = await ask(
    target,
    `SELECT d.id::text, s.legacy_id AS source, d.external_id, d.language, d.entities, d.sentiment, d.published_at::text, d.legacy_extra
     FROM intelligence.documents d JOIN intelligence.sources s ON s.id = d.source_id WHERE d.legacy_id = '1'`,
  );
  expect(document).toEqual({
    id: (4 * 2 ** 40 + 1).toString(),
    source: "19",
    external_id: "x1",
    language: "es",
    entities: [{ t: "ORG", v: "Spółdzielnia Ryznar s.c." }],
    sentiment: null,
    published_at: "2026-03-17 15:11:59.131249+00",
    legacy_extra: null,
  });
});

test("a schedule is in the time of the legacy scheduler", async () => {
  expect(await ask(target, "SELECT DISTINCT schedule, schedule_zone FROM intelligence.sources ORDER BY 1")).toEqual([
    { schedule: "*/30 * * * *", schedule_zone: "America/Bogota" },
    { schedule: "0 6 * * *", schedule_zone: "America/Bogota" },
    { schedule: "@hourly", schedule_zone: "America/Bogota" },
  ]);
});

test("trends count every document by day and language", async () => {
  const [sum] = await ask(target, "SELECT sum(documents)::integer AS documents FROM intelligence.trends");
  expect(sum).toEqual({ documents: 3000 });
});

test("the way back leads to the very rows, but for how JSON is spelled", async () => {
  const lost = await lostOnTheWayBack(openlearn, source, target);
  // Escapes are characters now.
  expect(lost.filter((line) => !/^documents \d+ entities: [^]*\\u/.test(line))).toEqual([]);
});
