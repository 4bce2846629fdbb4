import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { join } from "node:path";
import type { LandingReport } from "@landfall/app/console/landing-report";
import { createLegacy, discard } from "@landfall/migration/test/legacy";
import { ask } from "@landfall/migration/test/landing";
import { root } from "@landfall/tools/paths";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../test/services/services.ts";
import { Command, home, urlOf, type Ended } from "./test/command.ts";

const here = home();
let source: TestDatabase;
let target: TestDatabase;

beforeAll(async () => {
  source = await createLegacy("learnmore");
});
beforeEach(async () => {
  target = await createDatabase();
});
afterEach(async () => {
  await discard(target);
});
afterAll(async () => {
  await discard(source);
  here.remove();
});

const migrate = (...more: readonly string[]): Command =>
  new Command(
    ["migrate", "learnmore", "--source", urlOf(source), "--target", urlOf(target), "--no-rollback-point", ...more],
    { home: here.path },
  );
const lastObject = ({ stdout }: Ended): LandingReport => JSON.parse(stdout) as LandingReport;

/** Names of the schemas that a move would have made. */
const written = async (): Promise<unknown[]> =>
  ask(target, "SELECT nspname FROM pg_namespace WHERE nspname IN ('migration', 'operations', 'accounts')");

test("a source that the plan does not know is refused with 2, every fault is named, and nothing is written", async () => {
  await ask(
    source,
    "CREATE TABLE payments (id integer PRIMARY KEY); INSERT INTO payments VALUES (1), (2); ALTER TABLE auth_user ADD phone text",
  );
  try {
    const refused = await migrate("--json").ended;
    expect(refused.code).toBe(2);
    const report = lastObject(refused);
    expect(report).toMatchObject({ system: "learnmore", ok: false, state: "planned" });
    expect([...(report.faults ?? [])].sort()).toEqual([
      "column auth_user.phone (text) is unknown to the plan",
      "table payments is unknown to the plan",
    ]);
    expect(report.tables.length).toBeGreaterThan(20);
    expect(await written()).toEqual([]);
    const people = await migrate().ended;
    expect(people.code).toBe(2);
    expect(people.stdout).toContain("  - table payments is unknown to the plan");
    const passed = await migrate("--ignore", "payments,auth_user.phone", "--json").ended;
    expect(passed.code).toBe(0);
    expect(lastObject(passed).tables.at(-1)).toEqual({
      source: "payments",
      target: null,
      disposition: "dropped",
      rows: 2,
      landed: 0,
      quarantined: 0,
      repaired: 0,
      dropped: 2,
      reason: "unknown to the plan, and left behind as the command line asked",
      seconds: 0,
    });
    const again = await migrate("--ignore", "payments,auth_user.phone", "--json").ended;
    expect(lastObject(again).tables).toEqual(lastObject(passed).tables);
  } finally {
    await ask(source, "DROP TABLE payments; ALTER TABLE auth_user DROP phone");
  }
});

test("a target with somebody else's tables is refused with 2, and left alone", async () => {
  await ask(target, "CREATE TABLE invoices (id integer)");
  const refused = await migrate("--json").ended;
  expect(refused.code).toBe(2);
  expect(lastObject(refused).faults).toEqual([
    "the target is neither empty nor a database of Landfall's: it has public.invoices",
  ]);
  expect(await written()).toEqual([]);
});

test("the source by another address is refused as a target with 2", async () => {
  const other = "[::ffff:127.0.0.1]";
  const url = urlOf(source).replace(`@${source.host}:`, `@${other}:`);
  const refused = await new Command(["migrate", "learnmore", "--source", urlOf(source), "--target", url, "--json"], {
    home: here.path,
  }).ended;
  expect(refused.code).toBe(2);
  expect(lastObject(refused).faults?.join()).toContain("is the source");
});

test("a target that cannot be reached is a failure, 1, whose message has no password", async () => {
  const url = urlOf({ ...target, port: 1 });
  const failed = await new Command(["migrate", "learnmore", "--source", urlOf(source), "--target", url, "--json"], {
    home: here.path,
  }).ended;
  expect(failed.code).toBe(1);
  expect(lastObject(failed)).toMatchObject({ system: "learnmore", ok: false });
  expect(lastObject(failed).error).toMatch(/^The target postgresql:\/\/\w+@[^ ]+ cannot be opened: /);
  expect(failed.stdout + failed.errors.join()).not.toContain(target.password);
});

test("while another runner is at work the answer is 3, with who it is", async () => {
  const { host, port, user, password, database } = target;
  const other = new pg.Client({ host, port, user, password, database, application_name: "another runner" });
  await other.connect();
  try {
    await other.query("SELECT pg_advisory_lock(4013265)");
    const late = await migrate("--json").ended;
    expect(late.code).toBe(3);
    expect(lastObject(late)).toMatchObject({ ok: false, error: expect.stringContaining("another runner") as unknown });
  } finally {
    await other.end();
  }
});

test("a wrong command line is answered with 2, as an object where one is asked for", async () => {
  const { code, stdout } = await new Command(["migrate", "nowhere", "--json"], { home: here.path }).ended;
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ system: null, ok: false, tables: [], verification: { checked: 0 } });
});

test("Ctrl-C ends between two chunks and says how to go on; the same command then finishes", async () => {
  const first = migrate("--json", "--chunk-rows", "100");
  await first.says('"phase":"copying"');
  first.child.kill("SIGINT");
  const stopped = await first.ended;
  expect(stopped.code).toBe(1);
  expect(lastObject(stopped)).toMatchObject({
    ok: false,
    error: expect.stringContaining("Stopped as asked") as unknown,
  });
  expect(stopped.errors.join("\n")).toContain("the same command goes on from there");
  const [before] = await ask<{ copied: string }>(
    target,
    "SELECT count(*) AS copied FROM migration.chunks WHERE state = 'copied'",
  );
  const second = await migrate("--json").ended;
  expect(second.code).toBe(0);
  expect(lastObject(second)).toMatchObject({ ok: true, copiedNow: true });
  expect(await ask(target, "SELECT count(*)::integer AS runs FROM migration.runs")).toEqual([{ runs: 1 }]);
  expect(Number(before?.copied)).toBeGreaterThan(0);
});

test("a second Ctrl-C ends at once", async () => {
  const command = migrate("--json", "--chunk-rows", "50");
  await command.says('"phase":"copying"');
  command.child.kill("SIGSTOP");
  command.child.kill("SIGINT");
  command.child.kill("SIGTERM");
  command.child.kill("SIGCONT");
  expect((await command.ended).code).toBe(130);
});

test("on a terminal there are bars that fit into it, and none of it is left when the table comes", async () => {
  const words = ["migrate", "learnmore", "--source", urlOf(source), "--target", urlOf(target), "--chunk-rows", "200"];
  const line = `stty cols 64 rows 12; exec '${process.execPath}' '${join(root, "operations/landfall.ts")}' ${words.join(" ")} --no-rollback-point`;
  const child = spawn("script", ["-qec", line, "/dev/null"], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { PATH: process.env["PATH"] ?? "", LANDFALL_REHEARSAL: here.path, NODE_NO_WARNINGS: "1", TERM: "xterm" },
  });
  const shown = await text(child.stdout);
  const pictures = shown
    .split("\u001b[?2026h")
    .slice(1)
    .map((part) => part.split("\u001b[?2026l")[0] ?? "");
  // eslint-disable-next-line no-control-regex
  const lines = pictures.flatMap((picture) => picture.replaceAll(/\u001b\[[\d?]*[a-zA-Z]/g, "").split(/\r?\n/));
  expect(pictures.length).toBeGreaterThan(3);
  expect(lines.some((one) => /^\w+ +█+░* +\d+ %/.test(one))).toBe(true);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(64);
  const summary = shown.slice(shown.lastIndexOf("\u001b[?2026l"));
  expect(summary).toMatch(/learnmore: verified\./);
  expect(summary).not.toContain("█");
  // The cursor is there again.
  expect(shown.lastIndexOf("\u001b[?25h")).toBeGreaterThan(shown.lastIndexOf("\u001b[?25l"));
});
