import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createMariaDB, loadUnpuzzle, type TestMariaDB } from "../../../test/services/mariadb.ts";
import { openMariaDB } from "./source.ts";
import { createTarget, stage, type Target } from "./test/staged.ts";
import { inventions, type Stored } from "./test/values.ts";

let database: TestMariaDB;
let target: Target;

beforeAll(async () => {
  [database, target] = await Promise.all([createMariaDB(), createTarget()]);
});

afterAll(async () => {
  await Promise.all([database.drop(), target.drop()]);
});

/** A time without the zeros at the end of its second, which say nothing and are not kept. */
const withoutZeros = (text: string | null): string | null =>
  text?.replace(/^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.0+|(\.\d*[1-9])0*)$/, "$1$2") ?? null;

const missing: Stored = { sql: "NULL", text: null };

/** Some columns, and rows of them in which values may be missing. */
const tables = fc
  .uniqueArray(fc.nat(inventions.length - 1), { minLength: 1, maxLength: inventions.length })
  .chain((chosen) => {
    const columns = chosen.flatMap((index) => inventions[index] ?? []);
    const cells = columns.map(({ values }) =>
      fc.oneof({ weight: 5, arbitrary: values }, { weight: 1, arbitrary: fc.constant(missing) }),
    );
    return fc.record({
      declared: fc.constant(columns.map((column) => column.declared)),
      rows: fc.array(fc.tuple(...cells), { maxLength: 12 }),
    });
  });

test("what is staged of any table reads as the stored values, and has the same sums on both sides", async () => {
  await fc.assert(
    fc.asyncProperty(tables, async ({ declared, rows }) => {
      const columns = declared.map((type, index) => `\`c${index.toString()}\` ${type}`);
      const values = rows.map((row, index) => `(${[index.toString(), ...row.map(({ sql }) => sql)].join(", ")})`);
      await database.run(`SET sql_mode = 'ALLOW_INVALID_DATES', time_zone = '+00:00';
CREATE OR REPLACE TABLE invented (n int PRIMARY KEY, ${columns.join(", ")});
${values.length === 0 ? "" : `INSERT INTO invented VALUES ${values.join(", ")}`}`);
      const staged = await stage(target, database, "invented");
      expect(staged.here).toEqual(staged.there);
      expect(staged.rows).toHaveLength(rows.length);
      for (const [number, ...texts] of staged.rows) {
        const row = rows[Number(number)] ?? [];
        const odd = Object.fromEntries(
          row.flatMap((cell, index) => (cell.odd === undefined ? [] : [[`c${index.toString()}`, cell.odd]])),
        );
        expect(texts.at(-1) === null ? {} : JSON.parse(texts.at(-1) ?? "")).toEqual(odd);
        for (const [index, { text, sql }] of row.entries()) {
          const found = withoutZeros(texts[index] ?? null);
          if (typeof text === "function")
            expect(found !== null && text(found), `${sql} as ${found ?? "NULL"}`).toBe(true);
          else expect(found).toBe(withoutZeros(text));
        }
      }
    }),
    { numRuns: 60 },
  );
});

test("rows whose lines are longer than the server makes texts are staged as well", async () => {
  await database.run(`CREATE TABLE wide (id int PRIMARY KEY, body longtext, picture longblob);
INSERT INTO wide VALUES (1, 'short', X'00FF');
INSERT INTO wide VALUES (2, CONCAT('|', REPEAT('words', 1800000), '\\\\'), NULL);
INSERT INTO wide VALUES (3, NULL, REPEAT('x', 9000000));
UPDATE wide SET picture = REPEAT('y', 9000000) WHERE id = 2`);
  const { rows, here, there } = await stage(target, database, "wide");
  expect(here).toEqual(there);
  const lengths = rows.map(([id, body, picture]) => [id, body?.length, picture?.length]).sort();
  expect(lengths).toEqual([
    ["1", 5, 4],
    ["2", 9_000_002, 18_000_000],
    ["3", undefined, 18_000_000],
  ]);
});

test("every table of Unpuzzle's sample is staged whole", async () => {
  const unpuzzle = await loadUnpuzzle();
  const source = await openMariaDB(unpuzzle);
  try {
    const snapshot = await source.snapshot(1);
    expect(source.catalogue.tables.size).toBe(20);
    expect(source.catalogue.beyond).toEqual([]);
    const doubts: Record<string, number> = {};
    for (const table of source.catalogue.tables.keys()) {
      const { rows, doubtful, here, there } = await stage(target, unpuzzle, table);
      expect(here, table).toEqual(there);
      if (doubtful > 0) doubts[table] = doubtful;
      expect(rows.length, table).toBe(await snapshot.count(table));
    }
    // Those with a date of zeros, and no others: all else goes the quick way.
    expect(doubts).toEqual({ users: 2 });
    await snapshot.close();
  } finally {
    await source.close();
    await unpuzzle.drop();
  }
});
