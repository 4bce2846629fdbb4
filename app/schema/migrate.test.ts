import { expect, test } from "vitest";
import { planMigrations } from "./migrate.ts";
import { parseMigration, readMigrations, statementsOf, type SchemaMigration } from "./migration-files.ts";

const migration = (name: string, reversible = true): SchemaMigration => ({
  name,
  reversible,
  transaction: true,
  up: "SELECT 1;",
  down: "SELECT 1;",
});
const code = [migration("0001_one"), migration("0002_two"), migration("0003_three")];
const names = (planned: SchemaMigration[]) => planned.map(({ name }) => name);

test("the way up takes what the database has not had, as far as the target", () => {
  expect(names(planMigrations(code, ["0001_one"], { direction: "up" }))).toEqual(["0002_two", "0003_three"]);
  expect(names(planMigrations(code, ["0001_one"], { direction: "up", target: "0002_two" }))).toEqual(["0002_two"]);
  expect(planMigrations(code, ["0001_one", "0002_two"], { direction: "up", target: "0001_one" })).toEqual([]);
});

test("the way down undoes the newest first and the target last", () => {
  const applied = ["0001_one", "0002_two", "0003_three"];
  expect(names(planMigrations(code, applied, { direction: "down" }))).toEqual(["0003_three"]);
  expect(names(planMigrations(code, applied, { direction: "down", target: "0002_two" }))).toEqual([
    "0003_three",
    "0002_two",
  ]);
  expect(planMigrations(code, [], { direction: "down" })).toEqual([]);
});

test("a way down over a migration that cannot be undone is refused before anything is undone", () => {
  const mixed = [migration("0001_one"), migration("0002_two", false), migration("0003_three")];
  const applied = ["0001_one", "0002_two", "0003_three"];
  expect(() => planMigrations(mixed, applied, { direction: "down", target: "0001_one" })).toThrow(
    '0002_two cannot be undone (marked "Reversible: no").',
  );
});

test("a database that is ahead, a number out of order and an unknown target are refused by name", () => {
  expect(() => planMigrations(code, ["0001_one", "0004_four"], { direction: "up" })).toThrow("it has had 0004_four");
  expect(() => planMigrations(code, ["0001_one", "0003_three"], { direction: "up" })).toThrow(
    "0002_two comes before 0003_three",
  );
  expect(() => planMigrations(code, [], { direction: "up", target: "0009_nine" })).toThrow(
    'no schema migration "0009_nine"',
  );
});

test("a file without its header lines or sections is refused with all that it lacks", () => {
  expect(parseMigration("0001_one", "CREATE TABLE t ();")).toEqual([
    'lacks the line "-- Reversible: yes" or "-- Reversible: no"',
    'lacks the line "-- Transaction: yes" or "-- Transaction: no"',
    'lacks the lines "-- Up Migration" and "-- Down Migration", in this order',
  ]);
  expect(
    parseMigration(
      "0001_one",
      "-- Reversible: yes\n-- Transaction: no\n-- Up Migration\nSELECT 1;\n-- Down Migration\n",
    ),
  ).toEqual(["is reversible and has an empty down section"]);
});

test("outside a transaction an empty line ends a statement, and comments alone are none", () => {
  const section = "\n-- Why.\nSELECT 1;\n \n-- Alone.\n\nDO $$\nBEGIN\n  NULL;\nEND $$;\n";
  expect(statementsOf(section)).toEqual(["-- Why.\nSELECT 1;", "DO $$\nBEGIN\n  NULL;\nEND $$;"]);
});

test("this release's own migrations are well formed and numbered in one row", () => {
  const numbers = readMigrations().map(({ name }) => Number(name.slice(0, 4)));
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
});
