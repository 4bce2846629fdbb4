import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  writeFile,
} from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { stableCopy } from "./copy.ts";

let folder: string;
let path: string;
let temporary: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sqlite-copy-"));
  path = join(folder, "legacy.db");
  temporary = join(folder, "temporary");
  await mkdir(temporary);
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const beside = async (): Promise<string[]> => (await readdir(folder)).filter((name) => name !== "temporary").sort();

function make(statements: string): DatabaseSync {
  const database = new DatabaseSync(path);
  database.exec(`CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT); ${statements}`);
  return database;
}

function bodies(file: string): unknown[] {
  const database = new DatabaseSync(file, { readOnly: true });
  const rows = database.prepare("SELECT body FROM note ORDER BY id").all();
  database.close();
  return rows.map((row) => row["body"]);
}

const pages = (count: number): string =>
  `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count.toString()}) INSERT INTO note SELECT i, hex(zeroblob(500)) FROM n;`;

test("a copy is private, shows what the original showed, and goes away", async () => {
  make("INSERT INTO note VALUES (7, 'seven')").close();
  const copy = await stableCopy(path, temporary);
  expect(bodies(copy.path)).toEqual(["seven"]);
  expect((await stat(copy.path)).mode & 0o777).toBe(0o600);
  expect((await stat(join(copy.path, ".."))).mode & 0o777).toBe(0o700);
  await copy.remove();
  expect(await readdir(temporary)).toEqual([]);
  expect(await beside()).toEqual(["legacy.db"]);
});

test("a writer goes on after the copy, which does not see it", async () => {
  const writer = make("INSERT INTO note VALUES (1, 'before'); PRAGMA journal_mode = WAL;");
  const copy = await stableCopy(path, temporary);
  writer.exec("INSERT INTO note VALUES (2, 'after')");
  expect(bodies(copy.path)).toEqual(["before"]);
  writer.close();
  await copy.remove();
});

test("what only the write-ahead log holds is copied, of a live database and of one that was killed", async () => {
  const writer = make(
    "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; INSERT INTO note VALUES (1, 'logged');",
  );
  const live = await stableCopy(path, temporary);
  expect(bodies(live.path)).toEqual(["logged"]);
  for (const end of ["", "-wal"]) await copyFile(path + end, join(folder, `killed.db${end}`));
  writer.close();
  const killed = await stableCopy(join(folder, "killed.db"), temporary);
  expect(bodies(killed.path)).toEqual(["logged"]);
  expect(await beside()).toEqual(["killed.db", "killed.db-wal", "legacy.db"]);
});

test("nothing is made beside a database with a write-ahead log that nobody has open", async () => {
  make("PRAGMA journal_mode = WAL; INSERT INTO note VALUES (1, 'quiet')").close();
  expect(bodies((await stableCopy(path, temporary)).path)).toEqual(["quiet"]);
  expect(await beside()).toEqual(["legacy.db"]);
});

test("what a killed writer had begun is rolled back in the copy, and the original stays as it is", async () => {
  const writer = make(
    `${pages(2000)} PRAGMA cache_size = 5; PRAGMA cache_spill = 1; BEGIN; UPDATE note SET body = 'begun';`,
  );
  for (const end of ["", "-journal"]) await copyFile(path + end, join(folder, `killed.db${end}`));
  writer.exec("ROLLBACK");
  writer.close();
  const before = await readFile(join(folder, "killed.db"));
  const copy = await stableCopy(join(folder, "killed.db"), temporary);
  expect(bodies(copy.path).filter((body) => body === "begun")).toEqual([]);
  expect((await readFile(join(folder, "killed.db"))).equals(before)).toBe(true);
  expect(await beside()).toContain("killed.db-journal");
});

test("a database that a writer has locked is waited for", async () => {
  const writer = make("INSERT INTO note VALUES (1, 'locked'); BEGIN EXCLUSIVE; UPDATE note SET body = 'written';");
  const copying = stableCopy(path, temporary);
  await new Promise(setImmediate);
  writer.exec("COMMIT");
  expect(bodies((await copying).path)).toEqual(["written"]);
  writer.close();
});

test("copies that a killed process left are removed, and those of live ones stay", async () => {
  make("").close();
  const left = `landfall-sqlite-${hostname()}-4194304999-x`;
  const live = `landfall-sqlite-${hostname()}-${process.ppid.toString()}-x`;
  const other = "landfall-sqlite-elsewhere-4194304999-x";
  for (const name of [left, live, other]) await mkdir(join(temporary, name));
  const mine = await stableCopy(path, temporary);
  const second = await stableCopy(path, temporary);
  const names = await readdir(temporary);
  expect(names).not.toContain(left);
  expect(names).toEqual(expect.arrayContaining([live, other]));
  expect(bodies(mine.path)).toEqual(bodies(second.path));
});

const refused = async (why: RegExp): Promise<void> => {
  await expect(stableCopy(path, temporary)).rejects.toThrow(why);
  expect(await readdir(temporary)).toEqual([]);
};

test("what is no database is refused with the reason, and nothing is made", async () => {
  await refused(/there is no such file/);
  expect(await beside()).toEqual([]);
  await writeFile(path, "");
  await refused(/the file is empty/);
  await writeFile(path, "id,name\n".repeat(100));
  await refused(/no SQLite database, or an encrypted one/);
  await rm(path);
  await mkdir(path);
  await refused(/it is a directory/);
});

test("a cut-off database is refused as damaged", async () => {
  make(pages(50)).close();
  await truncate(path, 8192 + 100);
  const file = await open(path, "r+");
  await file.write(Buffer.alloc(2000, 0xaa), 0, 2000, 100);
  await file.close();
  await refused(/damaged|no SQLite database/);
});

test("a copy that would not fit is refused with what is missing", async () => {
  make("").close();
  await truncate(path, 2 ** 46).catch(() => truncate(path, 2 ** 43));
  await refused(/a copy of it needs \d+ MiB in .* where \d+ MiB are free; set TMPDIR/);
});

test("a folder that nobody may write to is read all the same", async () => {
  make("PRAGMA journal_mode = WAL; INSERT INTO note VALUES (1, 'shelved')").close();
  await chmod(folder, 0o555);
  const elsewhere = await mkdtemp(join(tmpdir(), "sqlite-copy-"));
  try {
    const copy = await stableCopy(path, elsewhere);
    expect(bodies(copy.path)).toEqual(["shelved"]);
    await copy.remove();
  } finally {
    await chmod(folder, 0o755);
    await rm(elsewhere, { recursive: true });
  }
});
