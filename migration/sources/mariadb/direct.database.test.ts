import type pg from "pg";
import { pipeline } from "node:stream/promises";
import { from as copyFrom } from "pg-copy-streams";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createMariaDB, type TestMariaDB } from "../../../test/services/mariadb.ts";
import { targetColumns } from "../../plans/columns.ts";
import { computed, copy, id, reference, type MappedTable, type Plan } from "../../plans/plan.ts";
import { sums } from "../../sql/fingerprint.ts";
import type { Sums } from "../../sql/fingerprints.ts";
import { identifier } from "../../sql/quote.ts";
import { chunksBetween } from "../../sql/range.ts";
import { canGoDirect, openMariaDB, type MariaDBSource } from "./source.ts";
import { createTarget, type Target } from "./test/staged.ts";

const range = { column: "id", target: "id", kind: "integer" } as const;

const owners: MappedTable = {
  disposition: "mapped",
  source: "owners",
  target: "owners",
  key: "id",
  range,
  columns: { id: id("id") },
};

const things: MappedTable = {
  disposition: "mapped",
  source: "things",
  target: "things",
  key: "id",
  range,
  columns: {
    id: id("id"),
    owner_id: reference("owner_id", "owners"),
    status: computed({ from: [], sql: "'it''s|new\\t'".replace("\\t", "\t"), type: "text" }),
    title: copy("title", "text"),
    kind: copy("kind", "text"),
    done: copy("done", "boolean"),
    pieces: copy("pieces", "integer"),
    price: copy("price", "numeric"),
    day: copy("day", "date"),
    at: copy("at", "timestamptz"),
    seen_at: copy("seen_at", "timestamptz"),
  },
};

const plan: Plan = {
  system: "made-up",
  window: 3,
  engine: "mariadb",
  shape: {},
  tables: [owners, things],
  rights: "",
  tallies: [],
};

let database: TestMariaDB;
let target: Target;

beforeAll(async () => {
  [database, target] = await Promise.all([createMariaDB(), createTarget()]);
  await database.run(`CREATE TABLE owners (id int PRIMARY KEY);
INSERT INTO owners SELECT seq FROM seq_1_to_50;
CREATE TABLE things (id bigint PRIMARY KEY, owner_id int, title varchar(80), kind enum('a','b\\\\'), done tinyint(1),
  pieces smallint(5) zerofill, price decimal(10,2), day date, at datetime(6), seen_at timestamp NULL);
INSERT INTO things SELECT seq, 1 + seq % 50, CONCAT('tab\\t|pipe \\\\ line\\n ü', seq), 1 + seq % 2, seq % 2, seq, seq / 7,
  '2020-02-29' + INTERVAL seq DAY, '2021-01-01' + INTERVAL seq * 1000003 MICROSECOND, '2022-02-02 02:02:02' FROM seq_1_to_300;
INSERT INTO things (id) VALUES (0), (1099511627775);
INSERT INTO things (id, at) VALUES (301, '0999-12-31 23:59:59.5'), (302, '2026-10-26 06:32:07.80094'), (303, '2026-10-26')`);
});

afterAll(async () => {
  await Promise.all([database.drop(), target.drop()]);
});

/** The rows of `things` that match, as PostgreSQL has them after they came straight to it, and the sums of both sides. */
async function land(source: MariaDBSource): Promise<{ here: Sums; there: Sums[]; client: pg.Client }> {
  const { client } = target;
  const columns = targetColumns(plan, things);
  const names = columns.map(({ name }) => identifier(name)).join(", ");
  await client.query(`SET TimeZone = 'UTC'; DROP TABLE IF EXISTS things;
CREATE TABLE things (${columns.map(({ name, type }) => `${identifier(name)} ${type}`).join(", ")})`);
  const snapshot = await source.snapshot(1);
  const there: Sums[] = [];
  try {
    const boundaries = await snapshot.boundaries("things", 100);
    const reader = await snapshot.reader();
    for (const chunk of chunksBetween(boundaries)) {
      await pipeline(reader.mapped(things, chunk), client.query(copyFrom(`COPY things (${names}) FROM STDIN`)));
      there.push(await reader.mappedSums(things, chunk));
    }
  } finally {
    await snapshot.close();
  }
  const here = (await client.query<Sums>(sums("SELECT * FROM things", columns, "text"))).rows[0];
  return { here: here ?? { rows: "", first: "", second: "" }, there, client };
}

const total = (list: readonly Sums[], of: keyof Sums): string =>
  list.reduce((sum, one) => sum + BigInt(one[of]), 0n).toString();

test("rows go straight into the target, chunk by chunk, and both sides have the same sums", async () => {
  const source = await openMariaDB(database, plan);
  try {
    const { here, there, client } = await land(source);
    expect(there.length).toBeGreaterThan(2);
    expect(here).toEqual({ rows: total(there, "rows"), first: total(there, "first"), second: total(there, "second") });
    expect(here.rows).toBe("305");
    const { rows } = await client.query(`SELECT * FROM things WHERE legacy_id IN ('0', '7', '302') ORDER BY id`);
    expect(rows).toMatchObject([
      { id: "3298534883328", owner_id: null, status: "it's|new\t", title: null, done: null, legacy_id: "0" },
      {
        id: "3298534883335",
        owner_id: "3298534883336",
        title: "tab\t|pipe \\ line\n ü7",
        kind: "b\\",
        done: true,
        pieces: 7,
        price: "1.00",
        source_system: "made-up",
      },
      { at: new Date("2026-10-26T06:32:07.800Z"), legacy_id: "302" },
    ]);
  } finally {
    await source.close();
  }
});

test("a survey of clean rows finds none that needs more", async () => {
  const source = await openMariaDB(database, plan);
  const snapshot = await source.snapshot(1);
  expect(await (await snapshot.reader()).survey(things, [])).toEqual({ rows: 305, unclean: 0 });
  await snapshot.close();
  await source.close();
});

test.each([
  ["a parent that is missing", "owner_id", "51"],
  ["an identifier below 0", "id", "-1"],
  ["an identifier beyond the window", "id", "1099511627776"],
  ["a zero date", "day", "'0000-00-00'"],
  ["a date without a day", "day", "'2024-05-00'"],
  ["a date without a month", "at", "'2024-00-10 00:00:00'"],
  ["a day that no calendar has", "at", "'2023-02-29 00:00:00'"],
  ["the year 0", "day", "'0000-03-01'"],
  ["a truth value of 2", "done", "2"],
  ["a NUL byte in a text", "title", "CONCAT('a', CHAR(0))"],
  ["half of a surrogate pair in a text", "title", "CONVERT(UNHEX('61EDA080') USING utf8mb4)"],
])("a survey finds %s", async (_, column, value) => {
  await database.run(`SET sql_mode = 'ALLOW_INVALID_DATES';
INSERT INTO things (id, ${column === "id" ? "owner_id" : column}) VALUES (${column === "id" ? `${value}, NULL` : `999, ${value}`})`);
  const source = await openMariaDB(database, plan);
  try {
    const snapshot = await source.snapshot(1);
    expect(await (await snapshot.reader()).survey(things, [])).toEqual({ rows: 306, unclean: 1 });
    await snapshot.close();
  } finally {
    await source.close();
    await database.run(`DELETE FROM things WHERE id NOT BETWEEN 0 AND 303 AND id <> 1099511627775`);
  }
});

test("a survey finds texts that are too long together, by their bytes in UTF-8", async () => {
  await database.run("INSERT INTO things (id, title, kind) VALUES (998, 'éé', 'a'), (999, 'éé', 'b\\\\')");
  const source = await openMariaDB(database, plan);
  try {
    const snapshot = await source.snapshot(1);
    const reader = await snapshot.reader();
    const unclean = async (bytes: number): Promise<number> =>
      (await reader.survey(things, [{ columns: ["title", "kind", "pieces"], bytes }])).unclean;
    // The others have a title of 22 to 24 bytes, or none.
    const others = 300;
    expect([await unclean(4), await unclean(5), await unclean(6)]).toEqual([others + 2, others + 1, others]);
    await snapshot.close();
  } finally {
    await source.close();
    await database.run("DELETE FROM things WHERE id IN (998, 999)");
  }
});

test("a table goes straight only where every value is sure to fit", async () => {
  const source = await openMariaDB(database, plan);
  const { catalogue } = source;
  await source.close();
  const changed = (columns: MappedTable["columns"]): boolean =>
    canGoDirect(plan, { ...things, columns: { ...things.columns, ...columns } }, catalogue);
  expect(changed({})).toBe(true);
  expect(changed({ pieces: copy("pieces", "bigint") })).toBe(true);
  expect(changed({ pieces: copy("pieces", "smallint") })).toBe(false);
  expect(changed({ pieces: copy("id", "integer") })).toBe(false);
  expect(changed({ pieces: copy("done", "integer") })).toBe(false);
  expect(changed({ price: copy("price", "double precision") })).toBe(false);
  expect(changed({ title: computed({ from: ["title"], sql: "upper(t.title)", type: "text" }) })).toBe(false);
  expect(canGoDirect(plan, { ...things, extra: ["title"] }, catalogue)).toBe(false);
});

test("a row that the survey would have found stops the chunk", async () => {
  await database.run("INSERT INTO things (id, title) VALUES (999, CHAR(0))");
  const source = await openMariaDB(database, plan);
  try {
    await expect(land(source)).rejects.toThrow(/^Reading things, chunk \d+ .* needs more than the plain conversion/);
  } finally {
    await source.close();
    await database.run("DELETE FROM things WHERE id = 999");
  }
});
