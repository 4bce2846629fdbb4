import { execFile } from "node:child_process";
import { mkdtemp, open, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bundle } from "../../../images/bundle.ts";
import { wholeTable } from "../../sql/range.ts";
import type { ForeignSource } from "../foreign.ts";
import { openSQLite } from "./source.ts";

let folder: string;
let path: string;
let source: ForeignSource | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sqlite-source-"));
  path = join(folder, "legacy.db");
});

afterEach(async () => {
  await source?.close();
  source = undefined;
  await rm(folder, { recursive: true });
});

async function opened(statements: string): Promise<ForeignSource> {
  const database = new DatabaseSync(path, { defensive: false });
  database.exec(statements);
  database.close();
  source = await openSQLite(path);
  return source;
}

/** The plain rows and behind them the others. */
async function linesOf(table: string): Promise<string[]> {
  const snapshot = await source?.snapshot(1);
  const reader = await snapshot?.reader();
  if (snapshot === undefined || reader === undefined) throw new Error("nothing is open");
  const parts: Buffer[] = [];
  for (const lines of [reader.plain(table, wholeTable), reader.doubtful(table, wholeTable)]) {
    for await (const part of lines) parts.push(part as Buffer);
  }
  await snapshot.close();
  return Buffer.concat(parts).toString().split("\n").slice(0, -1);
}

test("the catalogue gives tables with their columns in order, plain types, and keys", async () => {
  const { catalogue } = await opened(`
    CREATE TABLE "user" (id INTEGER NOT NULL, name VARCHAR(80), paid DECIMAL ( 10, 2 ), big BIG INT, whatever, at DATETIME NOT NULL,
      PRIMARY KEY (id), UNIQUE (name, at));
    CREATE UNIQUE INDEX partial ON "user" (paid) WHERE paid > 0;
    CREATE UNIQUE INDEX computed ON "user" (lower(name));
    CREATE TABLE pair (a TEXT, b INT, twice INT AS (b * 2), PRIMARY KEY (a, b)) WITHOUT ROWID;
    CREATE TABLE strict (id INTEGER PRIMARY KEY, free ANY) STRICT;
    CREATE TABLE backwards (id INTEGER PRIMARY KEY DESC);
    CREATE TABLE counted (id INTEGER PRIMARY KEY AUTOINCREMENT);
    CREATE VIEW seen AS SELECT 1; CREATE INDEX plain ON pair (b);`);
  expect({ ...catalogue, tables: [...catalogue.tables.keys()] }).toMatchObject({
    engine: "sqlite",
    major: 3,
    encoding: "UTF-8",
    beyond: [],
    tables: ["backwards", "counted", "pair", "strict", "user"],
  });
  const user = catalogue.tables.get("user");
  expect([...(user?.columns ?? [])]).toEqual([
    ["id", { type: "integer", notNull: true }],
    ["name", { type: "varchar", notNull: false }],
    ["paid", { type: "decimal", notNull: false }],
    ["big", { type: "big int", notNull: false }],
    ["whatever", { type: "", notNull: false }],
    ["at", { type: "datetime", notNull: true }],
  ]);
  expect(user?.unique).toEqual([["id"], ["name", "at"]]);
  expect(catalogue.tables.get("pair")?.unique).toEqual([["a", "b"]]);
  expect([...(catalogue.tables.get("pair")?.columns.keys() ?? [])]).toEqual(["a", "b", "twice"]);
  expect(catalogue.tables.get("backwards")?.unique).toEqual([["id"]]);
  expect(user?.bytes).toBeGreaterThan(0);
});

test("virtual tables and rows that cannot be reached are named, and what serves them is no table", async () => {
  const { catalogue } = await opened(`
    CREATE VIRTUAL TABLE found USING fts5 (body);
    CREATE TABLE hidden (rowid TEXT, _rowid_ TEXT, oid TEXT);
    PRAGMA writable_schema = ON;
    INSERT INTO sqlite_schema VALUES ('table', 'gone', 'gone', 0, 'CREATE VIRTUAL TABLE gone USING nowhere (x)');`);
  expect([...catalogue.tables.keys()]).toEqual(["hidden"]);
  expect(catalogue.beyond).toEqual([
    "table found is a virtual table, whose rows only its own module can read",
    "table gone is a virtual table, whose rows only its own module can read",
    "table hidden has columns named rowid, _rowid_ and oid, so that its rows' own numbers cannot be read",
  ]);
});

test("a damaged database is refused with what is damaged, and no copy stays", async () => {
  await opened(`CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT);
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO note SELECT i, hex(zeroblob(100)) FROM n`);
  await source?.close();
  source = undefined;
  const file = await open(path, "r+");
  await file.write(Buffer.alloc(3000, 0x5a), 0, 3000, 4096 * 9);
  await file.close();
  await expect(openSQLite(path)).rejects.toThrow(/the database is damaged: .*(page|Tree|malformed)/);
  expect(
    (await readdir(tmpdir())).filter(
      (name) => name.includes(`sqlite-`) && name.includes(`-${process.pid.toString()}-`),
    ),
  ).toEqual([]);
});

test("a database is refused that can be read, but whose pages do not add up", async () => {
  const database = new DatabaseSync(path);
  database.exec("CREATE TABLE note (id INTEGER PRIMARY KEY)");
  database.close();
  const file = await open(path, "r+");
  await file.write(Uint8Array.of(0, 0, 0, 5), 0, 4, 36);
  await file.close();
  await expect(openSQLite(path)).rejects.toThrow(/^the database is damaged: Freelist: size is 0 but should be 5$/);
});

test("rows that break the schema's own rules are no damage", async () => {
  await opened(`PRAGMA ignore_check_constraints = ON;
    CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT CHECK (body <> 'x'));
    INSERT INTO note VALUES (1, 'x')`);
  expect(await linesOf("note")).toEqual(["1\tx"]);
});

test("steps of every size, with a few rows that must be read singly, give each row once", async () => {
  await opened(`CREATE TABLE note (id INTEGER PRIMARY KEY, body);
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000)
    INSERT INTO note SELECT i * 3, CASE WHEN i % 6007 = 0 THEN x'ff' WHEN i % 5003 = 0 THEN 'a' || char(0) ELSE substr(hex(zeroblob(400)), 1, i % 797) END FROM n`);
  const lines = await linesOf("note");
  expect(lines.map((line) => line.split("\t")[0] ?? "").toSorted((one, other) => Number(one) - Number(other))).toEqual(
    Array.from({ length: 30_000 }, (_, index) => ((index + 1) * 3).toString()),
  );
  const odd = lines.filter((line) => line.split("\t").length === 3);
  expect(odd).toHaveLength(4 + 5);
  expect(odd[0]).toBe('15009\ta\t{"body":"6100"}');
});

test("rows far longer than a batch are carried", async () => {
  await opened(`CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT, raw BLOB);
    INSERT INTO note VALUES (1, replace(hex(zeroblob(4000000)), '0', 'ab'), x''), (2, 'b', zeroblob(3000000))`);
  const [first = "", second = ""] = await linesOf("note");
  expect(first).toHaveLength("1\t\t".length + 16_000_000);
  expect(second).toHaveLength("2\tb\t".length + 6_000_000);
});

test("a reader works no further ahead than a few batches", async () => {
  await opened(`CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT);
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) INSERT INTO note SELECT i, hex(zeroblob(500)) FROM n`);
  const snapshot = await source?.snapshot(1);
  const reader = await snapshot?.reader();
  const lines = reader?.plain("note", wholeTable);
  // The sums of another part are worked out only when the thread is done with the lines.
  const behind = reader?.plainSums("note", { number: 1, low: "1", high: "2" }).then(() => "answered");
  await new Promise((resolve) => lines?.once("readable", resolve));
  // Somebody else reads all of it twice over meanwhile.
  const other = await snapshot?.reader();
  const elsewhere = async (): Promise<string> => {
    for (const low of ["1", "2"]) await other?.plainSums("note", { number: 1, low, high: null });
    return "stalled";
  };
  expect(await Promise.race([behind, elsewhere()])).toBe("stalled");
  expect(lines?.readableLength).toBeLessThan(2 * 2 ** 20);
  lines?.destroy();
  expect(await behind).toBe("answered");
  await snapshot?.close();
});

test("a reader that is closed in the middle ends its lines with an error", async () => {
  await opened(`CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT);
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) INSERT INTO note SELECT i, hex(zeroblob(500)) FROM n`);
  const snapshot = await source?.snapshot(1);
  const reader = await snapshot?.reader();
  const lines = reader?.plain("note", wholeTable);
  const failure = new Promise<Error>((resolve) => lines?.once("error", resolve));
  await new Promise((resolve) => lines?.once("readable", resolve));
  await reader?.close();
  expect((await failure).message).toBe("Reading table note failed: the reading thread has ended");
  await expect(snapshot?.count("nothing")).rejects.toThrow("The database has no table nothing.");
});

test("the bundle of one file reads a database as the sources do", async () => {
  const sample = new URL("../../../samples/legacy/dirfinal/directory.db.gz", import.meta.url);
  await writeFile(path, gunzipSync(readFileSync(sample)));
  source = await openSQLite(path);
  const snapshot = await source.snapshot(1);
  const sums = await (await snapshot.reader()).plainSums("user", wholeTable);
  await snapshot.close();
  const program = bundle("migration/sources/sqlite/source.ts");
  if (!("bytes" in program)) throw new Error("the bundle is no file of its own");
  await writeFile(join(folder, "main.mjs"), program.bytes);
  await writeFile(
    join(folder, "ask.mjs"),
    `import { openSQLite } from "./main.mjs";
    const source = await openSQLite(process.argv[2]);
    const snapshot = await source.snapshot(1);
    const reader = await snapshot.reader();
    console.log(JSON.stringify(await reader.plainSums("user", { number: 1, low: null, high: null })));
    await snapshot.close();
    await source.close();`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, "ask.mjs"), path]);
  expect(JSON.parse(stdout)).toEqual(sums);
  expect(Number(sums.sums.rows) + sums.doubtful).toBe(250);
});
