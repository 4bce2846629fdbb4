import { afterAll, beforeAll, expect, test } from "vitest";
import { createMariaDB, type TestMariaDB } from "../../../test/services/mariadb.ts";
import { openMariaDB } from "./source.ts";

let database: TestMariaDB;

beforeAll(async () => {
  database = await createMariaDB();
});

afterAll(async () => {
  await database.drop();
});

test("the catalogue has every table with its columns in order, plain types, and whole unique keys", async () => {
  await database.run(`CREATE TABLE kinds (id int(11) unsigned AUTO_INCREMENT, flag tinyint(1) NOT NULL, small tinyint(4),
  bits bit(9), one bit(1), price decimal(12,8) unsigned zerofill, name varchar(191), meta json,
  \`odd\`\`name\` longtext CHECK (json_valid(\`odd\`\`name\`)), plain longtext, size enum('s','m'), made datetime(6), picture longblob,
  doubled int AS (small * 2), secret int INVISIBLE,
  PRIMARY KEY (id), UNIQUE (name, flag), UNIQUE (plain(20)));
CREATE VIEW seen AS SELECT * FROM kinds;
CREATE TABLE parts (id int NOT NULL, UNIQUE KEY (id)) PARTITION BY HASH (id) PARTITIONS 3`);
  const source = await openMariaDB(database);
  const { catalogue } = source;
  await source.close();
  expect(catalogue).toMatchObject({ engine: "mariadb", encoding: "UTF8", beyond: [] });
  expect(catalogue.version).toContain("MariaDB");
  expect(catalogue.major).toBe(Number.parseInt(catalogue.version, 10));
  expect([...catalogue.tables.keys()]).toEqual(["kinds", "parts"]);
  const kinds = catalogue.tables.get("kinds");
  expect(Object.fromEntries([...(kinds?.columns ?? [])].map(([name, { type }]) => [name, type]))).toEqual({
    id: "int unsigned",
    flag: "tinyint(1)",
    small: "tinyint",
    bits: "bit",
    one: "bit(1)",
    price: "decimal unsigned",
    name: "varchar",
    meta: "json",
    "odd`name": "json",
    plain: "longtext",
    size: "enum",
    made: "datetime",
    picture: "longblob",
    doubled: "int",
    secret: "int",
  });
  expect([...(kinds?.columns ?? [])].filter(([, { notNull }]) => notNull).map(([name]) => name)).toEqual([
    "id",
    "flag",
  ]);
  expect(kinds?.unique).toEqual([["id"], ["name", "flag"]]);
  expect(catalogue.tables.get("parts")?.key).toEqual(["id"]);
});

test("what no plan can speak of is told in sentences", async () => {
  const strange = await createMariaDB();
  await strange.run(`CREATE TABLE loose (id int) ENGINE = MyISAM; CREATE SEQUENCE counter;
CREATE TABLE versioned (id int) WITH SYSTEM VERSIONING`);
  const source = await openMariaDB(strange);
  const { beyond, tables } = source.catalogue;
  await source.close();
  await strange.drop();
  expect([...tables.keys()]).toEqual(["loose", "versioned"]);
  expect(beyond).toEqual([
    "counter is a sequence, whose state no plan takes over",
    expect.stringMatching(/^table loose has the engine MyISAM, which knows no transactions/),
    expect.stringMatching(/^table versioned keeps its rows' history/),
  ]);
});
