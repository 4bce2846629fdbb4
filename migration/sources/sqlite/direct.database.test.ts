import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pipeline } from "node:stream/promises";
import fc from "fast-check";
import { from as copyFrom } from "pg-copy-streams";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../../test/services/services.ts";
import { computed, copy, id, reference, type MappedTable, type Plan } from "../../plans/plan.ts";
import { targetColumns } from "../../plans/columns.ts";
import { Connection } from "../../sql/connection.ts";
import { sums } from "../../sql/fingerprint.ts";
import { identifier } from "../../sql/quote.ts";
import { chunksBetween } from "../../sql/range.ts";
import { discard } from "../../test/legacy.ts";
import { canGoDirect } from "./mapping.ts";
import type { SQLiteReader } from "./reader.ts";
import { openSQLite } from "./source.ts";

const byId = { column: "id", target: "id", kind: "integer" } as const;

const people: MappedTable = {
  disposition: "mapped",
  source: "user",
  target: "people",
  key: "id",
  range: byId,
  columns: { id: id("id"), name: copy("username", "text") },
};

const entries: MappedTable = {
  disposition: "mapped",
  source: "entry",
  target: "entries",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    status: computed({ from: [], sql: "'it''s moved'", type: "text" }),
    owner_id: reference("owner_id", "user"),
    title: copy("title", "text"),
    shown: copy("shown", "boolean"),
    score: copy("score", "integer"),
    born: copy("born", "date"),
    at: copy("at", "timestamptz"),
    nothing: computed({ from: [], sql: "NULL", type: "text" }),
  },
};

const plan: Plan = {
  system: "sample",
  window: 3,
  engine: "sqlite",
  shape: {},
  tables: [people, entries],
  rights: "",
  tallies: [],
};

const schema = `CREATE TABLE user (id INTEGER NOT NULL PRIMARY KEY, username VARCHAR(80));
CREATE TABLE entry (id INTEGER NOT NULL, owner_id INTEGER, title VARCHAR(20), shown BOOLEAN, score INTEGER, born DATE,
  at DATETIME, PRIMARY KEY (id));
INSERT INTO user VALUES (1, 'one'), (2, 'two'), (1099511627775, 'last');`;

let database: TestDatabase;
let connection: Connection;
let directory: string;
let files = 0;

beforeAll(async () => {
  database = await createDatabase();
  connection = await Connection.open(database);
  const columns = targetColumns(plan, entries).map(({ name, type }) => `${identifier(name)} ${type}`);
  await connection.client.query(`CREATE TABLE entries (${columns.join(", ")})`);
  directory = await mkdtemp(join(tmpdir(), "sqlite-direct-"));
});

afterAll(async () => {
  await connection.close();
  await discard(database);
  await rm(directory, { recursive: true });
});

type Bound = null | number | bigint | string | Uint8Array;
type Row = readonly [id: Bound, owner: Bound, title: Bound, shown: Bound, score: Bound, born: Bound, at: Bound];

async function reading<Result>(
  rows: readonly Row[],
  work: (reader: SQLiteReader, boundaries: string[]) => Promise<Result>,
): Promise<Result> {
  const path = join(directory, `${(++files).toString()}.db`);
  const file = new DatabaseSync(path);
  file.exec(schema);
  for (const row of rows) file.prepare("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)").run(...row);
  file.close();
  const source = await openSQLite(path, plan);
  try {
    expect(canGoDirect(plan, entries, source.catalogue)).toBe(true);
    const snapshot = await source.snapshot(1);
    const result = await work(await snapshot.reader(), await snapshot.boundaries("entry", 5));
    await snapshot.close();
    return result;
  } finally {
    await source.close();
  }
}

/** Sends all rows into the target and gives them as PostgreSQL prints them; the sums of both sides must be the same. */
const landed = (rows: readonly Row[]): Promise<(string | null)[][]> =>
  reading(rows, async (reader, boundaries) => {
    const { client } = connection;
    await client.query("TRUNCATE entries");
    const totals = [0n, 0n, 0n];
    for (const chunk of chunksBetween(boundaries)) {
      await pipeline(reader.mapped(entries, chunk), client.query(copyFrom("COPY entries FROM STDIN")));
      const { rows: count, first, second } = await reader.mappedSums(entries, chunk);
      [count, first, second].forEach((one, index) => (totals[index] = (totals[index] ?? 0n) + BigInt(one)));
    }
    const found = await client.query<Record<string, string>>(
      sums("SELECT * FROM entries", targetColumns(plan, entries), "text"),
    );
    expect(totals.map(String)).toEqual([found.rows[0]?.["rows"], found.rows[0]?.["first"], found.rows[0]?.["second"]]);
    const columns = targetColumns(plan, entries).map(({ name }) => `${identifier(name)}::text`);
    const printed = await client.query<(string | null)[]>({
      text: `SELECT ${columns.join(", ")} FROM entries ORDER BY id`,
      rowMode: "array",
    });
    return printed.rows;
  });

const surveyed = (rows: readonly Row[]): Promise<{ rows: number; unclean: number }> =>
  reading(rows, (reader) => reader.survey(entries, []));

test("clean rows land as PostgreSQL would have made them", async () => {
  const rows: Row[] = [
    [0, 1, "plain", 1, 7, "2024-02-29", "2026-10-26 06:32:07.800940"],
    [5, null, null, null, null, null, null],
    [
      1_099_511_627_775,
      1_099_511_627_775,
      "tab\tline\nback\\slash|\\N",
      0,
      -2_147_483_648,
      "0001-01-01",
      "0099-12-31 23:59:59",
    ],
    [6, 2, "", 0, 0, "9999-12-31", "2026-01-01 00:00:00.000000"],
  ];
  expect(await surveyed(rows)).toEqual({ rows: 4, unclean: 0 });
  const start = 3 * 2 ** 40;
  const moved = (key: number): string => (start + key).toString();
  expect(await landed(rows)).toEqual([
    [
      moved(0),
      "it's moved",
      moved(1),
      "plain",
      "true",
      "7",
      "2024-02-29",
      "2026-10-26 06:32:07.80094+00",
      null,
      "sample",
      "0",
    ],
    [moved(5), "it's moved", null, null, null, null, null, null, null, "sample", "5"],
    [moved(6), "it's moved", moved(2), "", "false", "0", "9999-12-31", "2026-01-01 00:00:00+00", null, "sample", "6"],
    [
      moved(2 ** 40 - 1),
      "it's moved",
      moved(2 ** 40 - 1),
      "tab\tline\nback\\slash|\\N",
      "false",
      "-2147483648",
      "0001-01-01",
      "0099-12-31 23:59:59+00",
      null,
      "sample",
      "1099511627775",
    ],
  ]);
});

const clean: Row = [3, 1, "a", 1, 1, "2024-01-01", "2024-01-01 10:00:00"];
const bites: readonly [string, number, Bound][] = [
  ["an id below zero", 0, -1],
  ["an id beyond the window", 0, 2 ** 40],
  ["a parent that is missing", 1, 4],
  ["a parent that is no number", 1, "one"],
  ["a parent that is no whole number", 1, 1.5],
  ["bytes for a text", 2, Uint8Array.of(0x61)],
  ["a NUL byte in a text", 2, "a\0b"],
  ["two for a boolean", 3, 2],
  ["a letter for a boolean", 3, "t"],
  ["a number too large", 4, 2 ** 31],
  ["a fraction for a whole number", 4, 7.5],
  ["a word for a number", 4, "many"],
  ["a day that is not", 5, "2023-02-30"],
  ["a year zero", 5, "0000-01-01"],
  ["a zero date", 5, "0000-00-00"],
  ["a date written otherwise", 5, "12/31/2019"],
  ["a number for a date", 5, 20_240_101],
  ["a date with a NUL byte", 5, "2024-01-01\0x"],
  ["a time with a T", 6, "2024-01-01T10:00:00"],
  ["a time with a zone", 6, "2024-01-01 10:00:00+02"],
  ["seven digits of a fraction", 6, "2024-01-01 10:00:00.1234567"],
  ["no digit of a fraction", 6, "2024-01-01 10:00:00."],
  ["a letter in a fraction", 6, "2024-01-01 10:00:00.12x"],
  ["a day that is not in a time", 6, "2023-02-29 10:00:00"],
  ["a second that is not", 6, "2023-02-28 10:00:60"],
  ["an hour that is not", 6, "2024-01-01 24:00:00"],
  ["a time without seconds", 6, "2024-01-01 10:00"],
  ["a word for a time", 6, "now"],
  ["a year zero in a time", 6, "0000-01-01 00:00:00"],
];

test("a survey counts every value that needs more than the plain conversion", async () => {
  expect(await surveyed([clean])).toEqual({ rows: 1, unclean: 0 });
  const found = await Promise.all(
    bites.map(async ([name, column, value]) => {
      const { unclean } = await surveyed([
        [...clean.slice(0, column), value, ...clean.slice(column + 1)] as unknown as Row,
        [9, ...clean.slice(1)] as unknown as Row,
      ]);
      return [name, unclean];
    }),
  );
  expect(found).toEqual(bites.map(([name]) => [name, 1]));
});

test("a text of invalid bytes is unclean, and is not sent for another", async () => {
  const path = join(directory, "invalid.db");
  const file = new DatabaseSync(path);
  file.exec(
    `${schema} INSERT INTO entry (id, title) VALUES (1, 'good'), (2, CAST(x'c3' AS TEXT)), (3, CAST(x'a9' AS TEXT))`,
  );
  file.close();
  const source = await openSQLite(path, plan);
  const snapshot = await source.snapshot(1);
  const reader = await snapshot.reader();
  expect(await reader.survey(entries, [])).toEqual({ rows: 3, unclean: 2 });
  await expect(reader.mappedSums(entries, { number: 1, low: null, high: null })).rejects.toThrow(
    "Reading table entry failed: a row from number -9223372036854775808 to 9223372036854775807 needs more than the plain conversion",
  );
  await snapshot.close();
  await source.close();
});

test("tables that ask for more than a change of type do not go straight", async () => {
  const path = join(directory, "asked.db");
  new DatabaseSync(path).exec(schema);
  const source = await openSQLite(path, plan);
  const goes = (change: Partial<MappedTable>): boolean =>
    canGoDirect(plan, { ...entries, ...change }, source.catalogue);
  const withColumn = (value: MappedTable["columns"][string]): boolean =>
    goes({ columns: { ...entries.columns, more: value } });
  expect(goes({})).toBe(true);
  expect(goes({ rejects: [{ name: "x", when: "true", reason: "x" }] })).toBe(false);
  expect(goes({ repairs: [{ name: "x", column: "score", when: "true", reason: "x" }] })).toBe(false);
  expect(goes({ joins: [{ table: "user", as: "u", key: "id", column: "owner_id", missing: "allow" }] })).toBe(false);
  expect(goes({ extra: ["title"] })).toBe(false);
  expect(goes({ unreadable: { score: "reject" } })).toBe(false);
  expect(goes({ unique: [["title"]] })).toBe(false);
  expect(goes({ unique: [["id"]] })).toBe(true);
  expect(goes({ key: ["id", "owner_id"] })).toBe(false);
  expect(goes({ range: { column: "owner_id", target: "owner_id", kind: "integer" } })).toBe(false);
  expect(withColumn(copy("at", "text"))).toBe(false);
  expect(withColumn(copy("title", "jsonb"))).toBe(false);
  expect(withColumn(computed({ from: ["title"], sql: "lower(t.title)", type: "text" }))).toBe(false);
  expect(withColumn(computed({ from: [], sql: "now()", type: "timestamptz" }))).toBe(false);
  expect(withColumn(computed({ from: [], sql: "-7", type: "bigint" }))).toBe(true);
  await source.close();
});

const digits = fc.integer({ min: 0, max: 999_999 }).map((one) => one.toString());
const instant = fc
  .tuple(
    fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }),
    fc.option(digits, { nil: "" }),
  )
  .map(
    ([date, fraction]) =>
      `${date.toISOString().slice(0, 19).replace("T", " ")}${fraction === "" ? "" : `.${fraction}`}`,
  );

const cleanRow = fc.tuple(
  fc.integer({ min: 0, max: 2 ** 40 - 1 }),
  fc.constantFrom(null, 1, 2),
  fc.option(
    fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.string({ unit: fc.constantFrom("\\", "|", "\t", "\n", "\r", "N", "é") }),
    ),
  ),
  fc.constantFrom(null, 0, 1),
  fc.option(fc.integer()),
  fc.option(instant.map((one) => one.slice(0, 10))),
  fc.option(instant),
);

test("whatever is surveyed as clean has the same sums here and there", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(cleanRow, { selector: ([key]) => key, maxLength: 20 }), async (rows) => {
      expect(await surveyed(rows)).toEqual({ rows: rows.length, unclean: 0 });
      expect(await landed(rows)).toHaveLength(rows.length);
    }),
    { numRuns: 20 },
  );
});
