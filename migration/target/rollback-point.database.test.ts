import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createDatabase, type TestDatabase } from "../../test/services/services.ts";
import { Connection } from "../sql/connection.ts";
import { createLegacy, discard } from "../test/legacy.ts";
import { ask, landAs, settingsFor } from "../test/landing.ts";
import { takeRollbackPoint } from "./rollback-point.ts";

let folder: string;
let target: TestDatabase;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "landfall-rollback-"));
  target = await createDatabase();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await discard(target);
  await rm(folder, { recursive: true });
});

/** Puts a pg_dump of our own first on the PATH: what matters here is how it is called and what is made of its output. */
async function standIn(script: string): Promise<void> {
  await writeFile(join(folder, "pg_dump"), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, "pg_dump"), 0o755);
  vi.stubEnv("PATH", `${folder}${delimiter}${process.env["PATH"] ?? ""}`);
}

async function take(): Promise<Awaited<ReturnType<typeof takeRollbackPoint>>> {
  const connection = await Connection.open(target);
  try {
    return await takeRollbackPoint(connection.client, target, {
      system: "learnmore",
      directory: join(folder, "points"),
    });
  } finally {
    await connection.close();
  }
}

test("a rollback point is a file with its size and checksum, and the place in the log", async () => {
  await standIn('echo "arguments: $*"; env | sort');
  const point = await take();
  const content = await readFile(point.location);
  expect(point.bytes).toBe(content.length);
  expect(point.sha256).toBe(createHash("sha256").update(content).digest("hex"));
  expect(point.walPosition).toMatch(/^[0-9A-F]+\/[0-9A-F]+$/);
  const [command, ...environment] = content.toString().trim().split("\n");
  expect(command).toBe("arguments: --format=custom --no-password");
  expect(environment).toContain(`PGPASSWORD=${target.password}`);
  expect(environment).toContain(`PGDATABASE=${target.database}`);
});

test("a dump that fails ends the move before anything is written, and leaves no file that looks whole", async () => {
  await standIn("echo half; echo 'out of space' >&2; exit 3");
  await expect(take()).rejects.toThrow("The rollback point could not be taken: pg_dump ended with 3: out of space");
  expect((await readdir(join(folder, "points"))).filter((file) => file.endsWith(".dump"))).toEqual([]);
});

test("a move takes one before its first write, and an interrupted one does not take another", async () => {
  await standIn("echo dump");
  const source = await createLegacy("learnmore");
  try {
    const directory = join(folder, "points");
    const stopping = new AbortController();
    stopping.abort();
    const settings = settingsFor(source, target, { rollbackDirectory: directory });
    await expect(landAs(settings, stopping.signal)).rejects.toThrow("Stopped as asked");
    const report = await landAs(settings);
    const points = await ask(target, "SELECT name, location, bytes::integer, sha256 FROM operations.rollback_points");
    expect(points).toEqual([
      {
        name: report.rollbackPoint?.name,
        location: report.rollbackPoint?.location,
        bytes: 5,
        sha256: createHash("sha256").update("dump\n").digest("hex"),
      },
    ]);
    expect(await readdir(directory)).toEqual([`${report.rollbackPoint?.name ?? ""}.dump`]);
  } finally {
    await discard(source);
  }
});
