import { isUtf8 } from "node:buffer";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pipeline } from "node:stream/promises";
import fc from "fast-check";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../../test/services/services.ts";
import { Connection } from "../../sql/connection.ts";
import { sums } from "../../sql/fingerprint.ts";
import type { Sums } from "../../sql/fingerprints.ts";
import { chunksBetween } from "../../sql/range.ts";
import { plainType } from "../../plans/decoded.ts";
import { discard } from "../../test/legacy.ts";
import type { ForeignSource } from "../foreign.ts";
import { identifier } from "../../sql/quote.ts";
import { holdsBytes } from "./relation.ts";
import { openSQLite } from "./source.ts";
import { invented, isText, readPlainly, write, type Bound, type Invented, type Stored } from "./test/invented.ts";

let database: TestDatabase;
let connection: Connection;
let client: pg.Client;
let directory: string;
let files = 0;

beforeAll(async () => {
  database = await createDatabase();
  connection = await Connection.open(database);
  client = connection.client;
  directory = await mkdtemp(join(tmpdir(), "sqlite-plain-"));
});

afterAll(async () => {
  await connection.close();
  await discard(database);
  await rm(directory, { recursive: true });
});

/** What a value must be in the target: its text, or what a text must read back as, and the bytes that no text shows. */
interface Expected {
  readonly text: string | number | null;
  readonly hex?: boolean;
  readonly odd?: string;
}

function asText(stored: Stored, type: string, encoding: string): Expected {
  const hex = holdsBytes(type);
  if (stored === undefined) return { text: null };
  if (stored.class === "integer" || stored.class === "real") {
    return { text: stored.class === "real" ? Number(stored.value) : String(stored.value), hex };
  }
  if (hex) return { text: stored.bytes.toString("hex") };
  const form = stored.class === "blob" ? "utf-8" : encoding;
  const plain = new TextDecoder(form, { ignoreBOM: true }).decode(stored.bytes);
  const valid =
    form === "utf-8" ? isUtf8(stored.bytes) : Buffer.from(plain, "utf16le").equals(swapped(stored.bytes, form));
  const shown = plain.replaceAll("\0", "");
  const whole = stored.class === "text" && valid && shown === plain;
  return whole ? { text: shown } : { text: shown, odd: stored.bytes.toString("hex") };
}

const instantPattern = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d{1,6})?$/;

/** A plain value as PostgreSQL shows it; undefined where the value is doubtful. */
function asPlain(stored: Stored, type: string): Expected | undefined {
  if (stored === undefined) return { text: null };
  const { class: kind, value, bytes } = stored;
  const whole = asText(stored, type, "utf-8");
  switch (plainType(type)) {
    case "text":
      return whole.odd === undefined ? whole : undefined;
    case "bigint":
      return kind === "integer" ? whole : undefined;
    case "numeric":
      if (kind === "integer") return whole;
      return kind === "real" && /^-?(0|[1-9]\d*)\.\d+$/.test(bytes.toString()) && value !== 0 ? whole : undefined;
    case "boolean":
      return kind === "integer" && (value === 0n || value === 1n)
        ? { text: value === 1n ? "true" : "false" }
        : undefined;
    case "date":
      return kind === "text" && isDay(bytes.toString()) ? whole : undefined;
    case "timestamptz": {
      const text = kind === "text" ? bytes.toString() : "";
      const [, day = "", time = "", rest = ""] = instantPattern.exec(text) ?? [];
      if (!isDay(day) || !/^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/.test(time)) return undefined;
      return { text: `${day} ${time}${rest.replace(/\.?0*$/, "")}+00` };
    }
  }
}

const isDay = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) &&
  !text.startsWith("0000") &&
  !Number.isNaN(Date.parse(text)) &&
  new Date(text).toISOString().startsWith(text);

/** A text as it is expected: several texts read as the same number. */
function shownAs(text: string | null, { text: wanted, hex }: Expected): unknown {
  const shown = hex === true && text !== null ? Buffer.from(text, "hex").toString() : text;
  return typeof wanted === "number" && shown !== null ? Number(shown) + 0 : shown;
}

const swapped = (raw: Buffer, encoding: string): Buffer =>
  encoding === "utf-16be" && raw.length % 2 === 0 ? Buffer.from(raw).swap16() : raw;

interface Arrived {
  readonly plain: (string | null)[][];
  readonly doubtful: (string | null)[][];
}

/** Copies a table chunk by chunk, plain rows typed and doubtful ones as text; the sums must be those of what arrives. */
async function arriving(source: ForeignSource, table: string, rowsPerChunk: number): Promise<Arrived> {
  const declared = [...(source.catalogue.tables.get(table)?.columns.values() ?? [])];
  const plain = declared.map(({ type }, index) => ({ name: `c${index.toString()}`, type: plainType(type) }));
  const doubtful = [...declared, "~odd"].map((_, index) => ({ name: `c${index.toString()}`, type: "text" }));
  for (const [name, columns] of [
    ["plain", plain],
    ["doubtful", doubtful],
  ] as const) {
    const typed = columns.map(({ name: column, type }) => `${identifier(column)} ${type}`).join(", ");
    await client.query(`DROP TABLE IF EXISTS "${name}"; CREATE UNLOGGED TABLE "${name}" (place serial, ${typed})`);
  }
  const snapshot = await source.snapshot(2);
  const reader = await snapshot.reader();
  const other = await snapshot.reader();
  const all: { plain: Sums[]; doubtful: Sums[] } = { plain: [], doubtful: [] };
  const into = (name: string, columns: typeof doubtful): ReturnType<typeof copyFrom> =>
    copyFrom(`COPY "${name}" (${columns.map(({ name: column }) => identifier(column)).join(", ")}) FROM STDIN`);
  for (const chunk of chunksBetween(await snapshot.boundaries(table, rowsPerChunk))) {
    await pipeline(reader.plain(table, chunk), client.query(into("plain", plain)));
    const found = await reader.plainSums(table, chunk);
    await pipeline(reader.doubtful(table, chunk), client.query(into("doubtful", doubtful)));
    const rest = await reader.doubtfulSums(table, chunk);
    expect(Number(rest.rows)).toBe(found.doubtful);
    // Who has not read the lines finds the same.
    expect(await other.doubtfulSums(table, chunk)).toEqual(rest);
    expect(await other.plainSums(table, chunk)).toEqual(found);
    all.plain.push(found.sums);
    all.doubtful.push(rest);
  }
  expect(await snapshot.count(table)).toBe(
    [...all.plain, ...all.doubtful].reduce((sum, { rows }) => sum + Number(rows), 0),
  );
  await snapshot.close();
  expect(added(all.plain)).toEqual(await loadedSums("plain", plain));
  expect(added(all.doubtful)).toEqual(await loadedSums("doubtful", doubtful));
  return { plain: await printed("plain", plain), doubtful: await printed("doubtful", doubtful) };
}

async function loadedSums(table: string, columns: readonly { name: string; type: string }[]): Promise<Sums> {
  const result = await client.query<Sums>(sums(`SELECT s.*, '' AS "legacy_id" FROM "${table}" s`, columns, "text"));
  return result.rows[0] ?? { rows: "", first: "", second: "" };
}

async function printed(table: string, columns: readonly { name: string }[]): Promise<(string | null)[][]> {
  const texts = columns.map(({ name }) => `${identifier(name)}::text`).join(", ");
  const result = await client.query<(string | null)[]>({
    text: `SELECT ${texts} FROM "${table}" ORDER BY place`,
    rowMode: "array",
  });
  return result.rows;
}

const added = (list: readonly Sums[]): Sums => ({
  rows: list.reduce((sum, one) => sum + BigInt(one.rows), 0n).toString(),
  first: list.reduce((sum, one) => sum + BigInt(one.first), 0n).toString(),
  second: list.reduce((sum, one) => sum + BigInt(one.second), 0n).toString(),
});

const compared = (found: readonly (string | null)[][], wanted: readonly (readonly Expected[])[]): void => {
  expect(found.map((row, at) => row.map((one, index) => shownAs(one, wanted[at]?.[index] ?? { text: "" })))).toEqual(
    wanted.map((row) => row.map(({ text }) => (typeof text === "number" ? text + 0 : text))),
  );
};

async function holdsTrue(made: Invented, rowsPerChunk: number): Promise<void> {
  const path = join(directory, `${(++files).toString()}.db`);
  write(path, made);
  const source = await openSQLite(path);
  try {
    const table = source.catalogue.tables.get(made.table);
    const columns = [...(table?.columns.keys() ?? [])];
    const declared = [...(table?.columns.values() ?? [])].map(({ type }) => type);
    const found = await arriving(source, made.table, rowsPerChunk);
    const canTell = made.encoding === "UTF-8" && made.kind !== "without rowid";
    const plain: Expected[][] = [];
    const doubtful: Expected[][] = [];
    for (const row of readPlainly(path, made, columns)) {
      const values = row.flatMap((one, index) => asPlain(one, declared[index] ?? "") ?? []);
      if (canTell && values.length === row.length) plain.push(values);
      else doubtful.push(row.map((one, index) => asText(one, declared[index] ?? "", made.encoding.toLowerCase())));
    }
    compared(found.plain, plain);
    compared(
      found.doubtful.map((row) => row.slice(0, -1)),
      doubtful,
    );
    const odd = doubtful.map((row) =>
      row.flatMap(({ odd: hex }, index) => (hex === undefined ? [] : [[columns[index], hex]])),
    );
    expect(found.doubtful.map((row) => oddOf(row.at(-1) ?? null))).toEqual(odd.map((list) => list.toSorted()));
  } finally {
    await source.close();
    await rm(path);
  }
}

const oddOf = (odd: string | null): [string, unknown][] =>
  odd === null ? [] : Object.entries(JSON.parse(odd) as Record<string, string>).toSorted();

test("whatever tables and values there are, each row arrives either plain or doubtful, with the same sums", async () => {
  await fc.assert(fc.asyncProperty(invented, fc.integer({ min: 1, max: 12 }), holdsTrue), {
    numRuns: 60,
    seed: Number(process.env["SEED"] ?? Date.now() % 2 ** 31),
  });
});

const clean: readonly Bound[] = [1n, 2n, 9.99, 1n, "2024-02-29", "2024-02-29 23:59:59.123450", "text", "{}"];
const bites: readonly [name: string, column: number, value: Bound][] = [
  ["text for a number", 1, "many"],
  ["bytes for a number", 1, Buffer.from("12")],
  ["an integer beyond bigint", 1, 2 ** 63],
  ["a fraction for an integer", 1, 7.5],
  ["a real with an exponent", 2, 1e20],
  ["a real that is infinite", 2, Infinity],
  ["text for a decimal", 2, "9,99"],
  ["two for a boolean", 3, 2n],
  ["a letter for a boolean", 3, "t"],
  ["a zero date", 4, "0000-00-00"],
  ["a day that is none", 4, "2023-02-29"],
  ["a century that has no leap day", 4, "1900-02-29"],
  ["a number for a date", 4, 20_240_101n],
  ["a date and more", 4, "2024-01-01 "],
  ["a zero time", 5, "0000-00-00 00:00:00"],
  ["an hour that is none", 5, "2024-01-01 24:00:00"],
  ["a second that is none", 5, "2024-01-01 10:00:60"],
  ["seven digits of a fraction", 5, "2024-01-01 10:00:00.1234567"],
  ["no digit of a fraction", 5, "2024-01-01 10:00:00."],
  ["an offset", 5, "2024-01-01 10:00:00+02"],
  ["a zone", 5, "2024-01-01 10:00:00Z"],
  ["a day without a time", 5, "2024-01-01"],
  ["a NUL byte in a text", 6, "a\0b"],
  ["a NUL byte in a time", 5, "2024-01-01 10:00:00\0"],
  ["bytes for a text", 6, Buffer.from("a")],
  ["a byte that is no text", 6, { text: Uint8Array.of(0x61, 0x80) }],
  ["half of a surrogate pair", 6, { text: Uint8Array.of(0xed, 0xa0, 0x80) }],
  ["a text that is cut off", 6, { text: Uint8Array.of(0xc3) }],
  ["a byte that parts columns", 6, { text: Uint8Array.of(0x61, 0xff, 0x62) }],
  ["a byte that parts rows", 6, { text: Uint8Array.of(0x61, 0xfe, 0x62) }],
  ["a byte that begins a missing value", 6, { text: Uint8Array.of(0xfd) }],
  ["bytes for JSON", 7, Buffer.from("{}")],
];

test.each(["INTEGER PRIMARY KEY", "INT"])(
  "every value that is not plain makes its row doubtful, by %s",
  async (key) => {
    const path = join(directory, `${(++files).toString()}.db`);
    const file = new DatabaseSync(path);
    file.exec(
      `CREATE TABLE t (id ${key}, whole BIGINT, price DECIMAL, shown BOOLEAN, born DATE, at DATETIME, title TEXT, more JSON)`,
    );
    const insert = (values: readonly Bound[]): void => {
      const places = values.map((one) => (isText(one) ? "CAST(? AS TEXT)" : "?")).join(", ");
      file.prepare(`INSERT INTO t VALUES (${places})`).run(...values.map((one) => (isText(one) ? one.text : one)));
    };
    for (const [index, [, column, value]] of bites.entries()) {
      insert(clean.with(column, value).with(0, BigInt(index) * 2n));
      insert(clean.with(0, BigInt(index) * 2n + 1n));
    }
    file.close();
    const source = await openSQLite(path);
    const { plain, doubtful } = await arriving(source, "t", 1000);
    await source.close();
    expect(doubtful.map(([id]) => bites[Number(id) / 2]?.[0])).toEqual(bites.map(([name]) => name));
    expect(plain).toEqual(
      bites.map((_, index) => [
        (index * 2 + 1).toString(),
        ...["2", "9.99", "true", "2024-02-29", "2024-02-29 23:59:59.12345+00", "text", "{}"],
      ]),
    );
  },
);
