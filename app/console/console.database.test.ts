import { afterAll, beforeAll, expect, test } from "vitest";
import type { LandingReport } from "./landing-report.ts";
import { compact, type Browser } from "../testing/browser.ts";
import { insert, loadFixture, password } from "../testing/fixture.ts";
import { operator, soon, startTestService, type TestService } from "../testing/test-service.ts";

let running: TestService;
let console: Browser;

beforeAll(async () => {
  running = await startTestService();
  const { client } = running;
  await loadFixture(client);
  await insert(client, "operations.migration_status", {
    system: "learnmore",
    state: "copying",
    run_id: 7,
    rows_total: 1000,
    rows_copied: 640,
    rows_quarantined: 101,
    rows_per_second: 1234.56,
    seconds_left: 75,
    failure: "disk <full>",
    phase: "files",
    files_total: 40,
    files_done: 10,
    files_missing: 2,
    file_bytes_done: 2_000_000,
  });
  await insert(client, "operations.migration_tables", {
    system: "learnmore",
    source_table: "auth_user",
    disposition: "mapped",
    target_table: "accounts.users",
    source_rows: 600,
    target_rows: 599,
    quarantined_rows: 1,
    repaired_rows: 3,
    bytes: 125_000,
    state: "differs",
    phase: "verifying",
    phase_rows_total: 600,
    phase_rows_done: 300,
    rows_per_second: 100,
    seconds_left: 3,
  });
  await insert(client, "operations.migration_reports", {
    system: "learnmore",
    run_id: 7,
    ok: false,
    sha256: "f00dcafe",
    report: JSON.stringify(landing),
  });
  for (const [run, name, passed] of [
    [6, "old", false],
    [7, "sums", true],
    [7, "references", false],
  ] as const) {
    await insert(client, "operations.verification_results", {
      system: "learnmore",
      run_id: run,
      name,
      subject: "accounts.users",
      passed,
      expected: "600",
      found: "599",
    });
  }
  await insert(client, "operations.rollback_points", {
    system: "learnmore",
    run_id: 7,
    name: "before-7",
    location: "/var/lib/landfall/rollback/7",
    bytes: 1_500_000,
    sha256: "abc123",
    wal_position: "0/16B3748",
  });
  await client.query(`INSERT INTO operations.quarantine (system, run_id, source_table, legacy_id, rule, reason, legacy_row)
    SELECT 'learnmore', 7, CASE WHEN n = 101 THEN 'auth_user' ELSE 'courses_progress' END, n::text,
      CASE WHEN n = 101 THEN 'twin' ELSE 'range' END, 'percent is ' || n, jsonb_build_object('note', '<i>שלום</i>')
    FROM generate_series(1, 101) n`);
  await running.operatorThere();
  console = running.browser();
  await console.signIn(operator.username, operator.password);
});

afterAll(async () => {
  await running.close();
});

const landing: LandingReport = {
  system: "learnmore",
  ok: false,
  seconds: 3,
  state: "failed",
  copiedNow: true,
  release: "test",
  run: "7",
  plan: "abc",
  source: "",
  target: "",
  startedAt: null,
  finishedAt: null,
  tables: [],
  files: { rows: 0, landed: 0, missing: 0, damaged: 0, waiting: 0, bytes: 0, lost: [] },
  verification: {
    checked: 2,
    differences: [
      { check: "content", subject: "accounts.users", legacyId: "<7>", fault: "differs", columns: ["email"] },
    ],
    checks: [],
  },
  repairs: [],
  quarantine: [],
  rollbackPoint: null,
};

/** The HTML of a page of the console. */
async function shown(path: string): Promise<string> {
  return compact((await console.get(path)).body);
}

const pages = [
  "/console",
  "/console/migration/learnmore",
  "/console/migration/learnmore/quarantine",
  "/console/migration/learnmore/report",
  "/console/deployments",
  "/console/health",
];
const api = [
  "/api/v1/migration/status",
  "/api/v1/migration/status/learnmore",
  "/api/v1/migration/quarantine",
  "/api/v1/migration/report/learnmore",
  "/api/v1/deployment/log",
];

test("operators begin at the console, which shows how far each system is", async () => {
  expect((await console.get("/")).headers.location).toBe("/console");
  const body = await shown("/console");
  expect(body).toContain(
    '<a href="/console/migration/learnmore">LearnMore</a></th><td data-label="State">copying</td>',
  );
  expect(body).toContain('<progress max="100" value="74" aria-label="Rows of LearnMore"></progress>74 %');
  for (const text of ["1,000", "640", "1,234.6", "1 min 15 s", "not begun"]) expect(body).toContain(text);
  expect(body).not.toContain("http-equiv");
  expect(await shown("/console?refresh=1")).toContain('<meta http-equiv="refresh" content="5" />');
});

test("a system's page shows its tables, the last run's verification and the rollback points", async () => {
  const body = await shown("/console/migration/learnmore");
  expect(body).toContain("disk &#60;full&#62;");
  expect(body).toContain("mapped to accounts.users");
  expect(body).toContain('<span class="bad">differs</span>');
  expect(body).toContain('<span class="bad">1 failed</span>, 1 passed');
  expect(body).not.toContain("old");
  expect(body).toContain("before-7");
  expect(body).toContain("1.5 MB");
});

test("a system's page shows what is done at the moment, with tables and with files", async () => {
  const body = await shown("/console/migration/learnmore");
  expect(body).toContain('verifying<progress max="100" value="50" aria-label="verifying of auth_user"></progress>50 %');
  for (const text of ["125 KB", "3 s", "10 of 40 (2 MB)", "2 missing"]) expect(body).toContain(text);
});

test("the record of the last landing is a page to sign, and the same JSON to the byte", async () => {
  const body = await shown("/console/migration/learnmore/report");
  for (const text of ["Landing of learnmore", "f00dcafe", "&#60;7&#62;", "Decision and signature"])
    expect(body).toContain(text);
  expect((await console.get("/api/v1/migration/report/learnmore")).body).toBe(JSON.stringify(landing));
  expect((await console.get("/console/migration/unpuzzle/report")).statusCode).toBe(404);
});

test("the quarantine shows a hundred rows a page, whole and harmless, and can be narrowed down", async () => {
  const first = await shown("/console/migration/learnmore/quarantine");
  expect(first).toContain("Quarantined rows: 101");
  expect(first.match(/<details>/g)).toHaveLength(100);
  expect(first).toContain("&#34;note&#34;: &#34;&#60;i&#62;שלום&#60;/i&#62;&#34;");
  expect(first).toContain('<a rel="next" href="/console/migration/learnmore/quarantine?page&#61;2">');
  const second = await shown("/console/migration/learnmore/quarantine?page=2");
  expect(second.match(/<details>/g)).toHaveLength(1);
  const narrow = await shown("/console/migration/learnmore/quarantine?table=auth_user&rule=");
  expect(narrow).toContain("Quarantined rows: 1<");
  expect(narrow).toContain('<option value="auth_user" selected>');
});

test("the deployment log has this instance's start and health", async () => {
  await expect.poll(() => shown("/console/deployments"), soon).toContain('<span class="good">healthy</span>');
  const body = await shown("/console/deployments");
  for (const text of ["started", "release-of-tests", "configuration-of-tests"]) expect(body).toContain(text);
});

test("the health page looks at every dependency when it is asked for", async () => {
  const body = await shown("/console/health");
  expect(body.match(/<td data-label="State"><span class="good">healthy<\/span><\/td>/g)).toHaveLength(3);
});

test("programs get the same as JSON, a hundred a page", async () => {
  const status = (await console.get("/api/v1/migration/status")).json<{
    count: number;
    results: Record<string, unknown>[];
  }>();
  expect(status.count).toBe(5);
  expect(status.results.find(({ system }) => system === "learnmore")).toMatchObject({
    state: "copying",
    run: 7,
    rows_total: 1000,
    rows_per_second: 1234.56,
  });
  const one = await console.get("/api/v1/migration/status/learnmore");
  expect(one.json()).toMatchObject({
    system: "learnmore",
    tables: [{ table: "auth_user", source_rows: 600 }],
    verification: [{ name: "references", passed: false }, { name: "sums" }],
    rollback_points: [{ name: "before-7", wal_position: "0/16B3748" }],
  });
  const quarantine: unknown = (await console.get("/api/v1/migration/quarantine?page=2")).json();
  expect(quarantine).toMatchObject({
    count: 101,
    page: 2,
    page_size: 100,
    results: [{ legacy_id: "101", row: { note: "<i>שלום</i>" } }],
  });
  expect((await console.get("/api/v1/migration/quarantine?system=unpuzzle")).json()).toMatchObject({
    count: 0,
    results: [],
  });
  expect((await console.get("/api/v1/deployment/log")).json()).toMatchObject({ page: 1, page_size: 100 });
});

test.each(["/console/migration/nowhere", "/console/migration/nowhere/quarantine", "/api/v1/migration/status/nowhere"])(
  "%s is not found",
  async (path) => {
    expect((await console.get(path)).statusCode).toBe(404);
  },
);

test.each(["?page=0", "?page=x", "?page=99999999", "?table=%00"])(
  "a list asked for with %s is a bad request",
  async (query) => {
    expect((await console.get(`/api/v1/migration/quarantine${query}`)).statusCode).toBe(400);
  },
);

test("the console does not exist for others, and its API is closed to them", async () => {
  for (const path of pages)
    expect((await running.browser().get(path)).headers.location).toBe(`/sign-in?next=${encodeURIComponent(path)}`);
  for (const path of api) expect((await running.browser().get(path)).statusCode).toBe(401);
  const root = running.browser();
  await root.signIn("root", password);
  for (const path of pages) expect((await root.get(path)).statusCode).toBe(404);
  for (const path of api) expect((await root.get(path)).statusCode).toBe(403);
  expect((await root.get("/courses")).body).not.toContain("/console");
});

test("no page of the console makes ten queries", async () => {
  for (const path of [...pages, ...api]) expect((await console.get(path)).statusCode).toBe(200);
  const counts = running.lines.flatMap(({ msg, queries }) => (msg === "request" ? [Number(queries)] : []));
  expect(Math.max(...counts)).toBeLessThan(10);
});
