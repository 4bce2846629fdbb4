import { createHash } from "node:crypto";
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createDatabase, type TestDatabase } from "../../test/services/services.ts";
import { NoDump } from "../rollback/client-programs.ts";
import { listRollbackPoints } from "../rollback/manifest.ts";
import { unobserved, type Phase } from "../progress/progress.ts";
import type { Settings } from "../settings.ts";
import { createLegacy, discard } from "../test/legacy.ts";
import { landAs, settingsFor } from "../test/landing.ts";
import { RollbackGround } from "../test/rollback-ground.ts";
import { takeRollbackPoint } from "./rollback-point.ts";

let ground: RollbackGround;

beforeEach(async () => {
  ground = await RollbackGround.open();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await ground.close();
});

/** Puts a pg_dump of our own first on the PATH: what matters here is how it is called and what is made of its output. */
async function standIn(script: string): Promise<void> {
  await writeFile(join(ground.folder, "pg_dump"), `#!/bin/sh\n${script}\n`);
  await chmod(join(ground.folder, "pg_dump"), 0o755);
  vi.stubEnv("PATH", `${ground.folder}${delimiter}${process.env["PATH"] ?? ""}`);
}

const takePoint = () => takeRollbackPoint(ground.config, { system: "learnmore", directory: ground.points });

test("a rollback point is a dump with its size and checksum, and the place in the log", async () => {
  await ground.migrate("0001_systems");
  await standIn('echo "arguments: $*"; env | sort');
  const point = await takePoint();
  const content = await readFile(point.location);
  expect(point.bytes).toBe(content.length);
  expect(point.sha256).toBe(createHash("sha256").update(content).digest("hex"));
  expect(point.walPosition).toMatch(/^[0-9A-F]+\/[0-9A-F]+$/);
  const [command, ...environment] = content.toString().trim().split("\n");
  expect(command).toMatch(/^arguments: --format=custom --no-password --snapshot=[-0-9A-F]+$/);
  expect(environment).toContain(`PGPASSWORD=${ground.target.password}`);
  expect(environment).toContain(`PGDATABASE=${ground.target.database}`);
  expect((await readdir(ground.points)).sort()).toEqual(
    ["dump", "json", "waiting"].map((ending) => `${point.name}.${ending}`),
  );
});

test("a dump that fails ends the move before anything is written, and leaves nothing that looks whole", async () => {
  await ground.migrate("0001_systems");
  await standIn("echo half; echo 'out of space' >&2; exit 3");
  await expect(takePoint()).rejects.toThrow("pg_dump ended with 3: out of space");
  expect(await readdir(ground.points)).toEqual([]);
});

test("a pg_dump that is missing or older than the server is told apart from one that fails", async () => {
  await ground.migrate("0001_systems");
  await standIn("echo 'pg_dump: error: aborting because of server version mismatch' >&2; exit 1");
  await expect(takePoint()).rejects.toThrow(NoDump);
  vi.stubEnv("PATH", "/nowhere");
  await expect(takePoint()).rejects.toThrow(NoDump);
});

test("what an interrupted one left behind is cleared away by the next of the same system", async () => {
  await mkdir(ground.points);
  for (const name of ["learnmore-1.dump.unfinished", "dirfinal-1.dump.unfinished", "learnmore-0.dump"])
    await writeFile(join(ground.points, name), "half");
  const point = await takePoint();
  expect((await readdir(ground.points)).sort()).toEqual(
    ["dirfinal-1.dump.unfinished", "learnmore-0.dump", `${point.name}.json`, `${point.name}.waiting`].sort(),
  );
});

test("two rollback points of one second are two", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  try {
    const [first, second] = [await takePoint(), await takePoint()];
    expect(second.name).toBe(`${first.name}-2`);
    expect(await pointNames()).toHaveLength(2);
  } finally {
    vi.useRealTimers();
  }
});

/** Begins a move, and stops it when it begins a phase: before its first row when it looks at the source. */
async function stopAt(at: Phase, settings: Settings): Promise<void> {
  const stopping = new AbortController();
  const observer = {
    ...unobserved,
    phase: (_: string, phase: Phase) => {
      if (phase === at) stopping.abort();
    },
  };
  await expect(landAs({ ...settings, observer }, stopping.signal)).rejects.toThrow("Stopped as asked");
}

test("a run in the place of one that was interrupted has the point from before that one", async () => {
  const source = await createLegacy("learnmore");
  try {
    const settings = settingsFor(source, ground.target, { rollbackDirectory: ground.points });
    await stopAt("copying", settings);
    // Rows that are compared another way are copied anew.
    const report = await landAs({ ...settings, hashes: "text" });
    const runs = await ground.ask("SELECT state FROM migration.runs ORDER BY id");
    expect(runs).toEqual([{ state: "superseded" }, { state: "verified" }]);
    expect(report.rollbackPoint).not.toBeNull();
    expect(await readdir(ground.points)).toEqual([`${report.rollbackPoint?.name ?? ""}.json`]);
  } finally {
    await discard(source);
  }
});

test("a move takes one before its first write, and an interrupted one does not take another", async () => {
  const source = await createLegacy("learnmore");
  try {
    const settings = settingsFor(source, ground.target, { rollbackDirectory: ground.points });
    await stopAt("copying", settings);
    const report = await landAs(settings);
    const points = await ground.ask(
      "SELECT name, location, bytes::integer, sha256, phase FROM operations.rollback_points",
    );
    const name = report.rollbackPoint?.name ?? "";
    const content = await readFile(join(ground.points, `${name}.json`));
    const sha256 = createHash("sha256").update(content).digest("hex");
    expect(points).toEqual([
      { name, location: join(ground.points, `${name}.json`), bytes: content.length, sha256, phase: "rows" },
    ]);
    expect(await readdir(ground.points)).toEqual([`${name}.json`]);
    const before = await ground.restore(name);
    expect(before).toMatchObject({ name, tables: 0 });
    expect(await ground.describe()).toEqual(["extension plpgsql", expect.stringMatching(/^schema public /) as string]);
  } finally {
    await discard(source);
  }
});

/** The names of the rollback points that are there, oldest first. */
const pointNames = async (): Promise<string[]> =>
  (await listRollbackPoints(ground.points)).map(({ name }) => name).reverse();

describe("a move that stopped before its first row", () => {
  let source: TestDatabase;
  let settings: Settings;

  beforeEach(async () => {
    source = await createLegacy("learnmore");
    settings = settingsFor(source, ground.target, { rollbackDirectory: ground.points });
  });
  afterEach(() => discard(source));

  test.each([
    ["an empty target", () => Promise.resolve(), "surveying"],
    ["a target of an older release", () => ground.migrate("0008_search"), "surveying"],
    ["a target in use", () => ground.fill(), "surveying"],
    ["a target that was not even brought up to this release", () => Promise.resolve(), "rollback-point"],
  ] as const)("goes on with the rollback point from before its first try, of %s", async (_, prepare, at) => {
    await prepare();
    const before = await ground.describe();
    if (at === "surveying") await stopAt(at, settings);
    else await takePoint();
    const [first] = await pointNames();
    await stopAt("surveying", settings);
    const report = await landAs(settings);
    expect(await pointNames()).toEqual([first]);
    expect(report.rollbackPoint?.name).toBe(first);
    expect((await readdir(ground.points)).filter((file) => file.endsWith(".waiting"))).toEqual([]);
    await ground.restore(first ?? "");
    expect(await ground.describe()).toEqual(before);
  });

  test.each([
    ["an empty target", () => Promise.resolve()],
    ["a target in use", () => ground.fill()],
  ])("has another one where others have changed %s since, and the first is kept", async (_, prepare) => {
    await prepare();
    await stopAt("surveying", settings);
    await ground.ask(
      `INSERT INTO accounts.users (username, email, first_name, last_name, password, is_active, is_staff, is_superuser, joined_at)
       VALUES ('in between', '', '', '', 'argon2$hash', true, false, false, now())`,
    );
    const report = await landAs(settings);
    const [first, second, ...more] = await pointNames();
    expect(more).toEqual([]);
    expect(report.rollbackPoint?.name).toBe(second);
    await ground.restore(second ?? "");
    const between = "SELECT count(*)::integer AS users FROM accounts.users WHERE username = 'in between'";
    expect(await ground.ask(between)).toEqual([{ users: 1 }]);
    expect((await ground.restore(first ?? "")).name).toBe(first);
  });

  test("has another one where the dump of the first is not whole any more", async () => {
    await ground.fill();
    await stopAt("surveying", settings);
    const [first] = await pointNames();
    await writeFile(join(ground.points, `${first ?? ""}.dump`), "half");
    expect((await landAs(settings)).rollbackPoint?.name).not.toBe(first);
  });

  test("does not go on with the rollback point of another target", async () => {
    await stopAt("surveying", settings);
    const [first] = await pointNames();
    const other = await createDatabase();
    try {
      const report = await landAs({ ...settings, target: { ...ground.config, database: other.database } });
      expect(report.rollbackPoint?.name).not.toBe(first);
    } finally {
      await discard(other);
    }
  });
});

test("a system that is moved again does not go on with the point of its first move", async () => {
  const source = await createLegacy("learnmore");
  try {
    const settings = settingsFor(source, ground.target, { rollbackDirectory: ground.points });
    const first = await landAs(settings);
    const again = { ...settings, again: new Set(["learnmore"]) };
    await stopAt("surveying", again);
    const second = await landAs(again);
    expect(await pointNames()).toEqual([first.rollbackPoint?.name, second.rollbackPoint?.name]);
    expect(second.rollbackPoint?.name).not.toBe(first.rollbackPoint?.name);
  } finally {
    await discard(source);
  }
});
