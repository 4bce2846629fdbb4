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
import { discard } from "../../test/legacy.ts";
import type { ForeignSource } from "../foreign.ts";
import { identifier } from "./quote.ts";
import { holdsBytes } from "./relation.ts";
import { openSQLite } from "./source.ts";

let database: TestDatabase;
let connection: Connection;
let client: pg.Client;
let directory: string;
let files = 0;

beforeAll(async () => {
  database = await createDatabase();
  connection = await Connection.open(database);
  client = connection.client;
  directory = await mkdtemp(join(tmpdir(), "sqlite-staged-"));
});

afterAll(async () => {
  await connection.close();
  await discard(database);
  await rm(directory, { recursive: true });
});

type Stored = { class: string; bytes: Buffer; value: unknown } | undefined;

/** A value as it is bound; `text` is stored as text, whatever its bytes. */
type Bound = null | bigint | number | string | Uint8Array | { text: Uint8Array };

interface Invented {
  readonly encoding: string;
  readonly table: string;
  readonly kind: "numbered" | "plain" | "without rowid";
  readonly columns: readonly { name: string; type: string }[];
  readonly rows: readonly { key: bigint; values: readonly Bound[] }[];
}

const types = ["INTEGER", "INT", "VARCHAR(20)", "TEXT", "", "BOOLEAN", "DATETIME", "DATE", "DECIMAL(10,2)", "REAL"];
const moreTypes = ["DOUBLE PRECISION", "BLOB", "JSON", "CLOB", "VARBINARY(9)", "Något annat"];

const bites = [
  "\\N",
  "\\",
  "\t",
  "\n",
  "\r",
  "\r\n",
  "|",
  "\\p",
  "NULL",
  "",
  "🔑",
  "e\u0301",
  "\u200f",
  "\0",
  "a\0b",
  "Inf",
];
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(fc.constantFrom(...bites)).map((parts) => parts.join("")),
);
const numbers = [0n, -1n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)];
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 12 }),
  fc
    .array(fc.constantFrom(0x61, 0, 0xfc, 0xfd, 0xfe, 0xff, 0xc3, 0xa9, 0x80, 0xed, 0xa0), { maxLength: 8 })
    .map((list) => Uint8Array.from(list)),
);
const value: fc.Arbitrary<Bound> = fc.oneof(
  fc.constant(null),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constantFrom(...numbers),
  fc.double({ noNaN: true }),
  fc.constantFrom(Infinity, -Infinity, -0, 0.1, 1e20, 5e-324, 1.7976931348623157e308, 7),
  text,
  text,
  bytes,
  text.map((one) => Buffer.from(one)),
  bytes.map((one) => ({ text: one })),
);

const names = ["a", "rowid", "with space", 'qu"ote', "dot.ted", "__proto__", "UPPER", "oid", "ключ", "~x", "1"];
const invented: fc.Arbitrary<Invented> = fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 }).chain((chosen) =>
  fc.record({
    encoding: fc.constantFrom("UTF-8", "UTF-8", "UTF-8", "UTF-16le", "UTF-16be"),
    table: fc.constantFrom("t", 'od"d.name'),
    kind: fc.constantFrom("numbered", "plain", "without rowid"),
    columns: fc.tuple(...chosen.map((name) => fc.constantFrom(...types, ...moreTypes).map((type) => ({ name, type })))),
    rows: fc.uniqueArray(
      fc.record({
        key: fc.oneof(fc.bigInt({ min: -9n, max: 30n }), fc.constantFrom(...numbers)),
        values: fc.tuple(...chosen.map(() => value)),
      }),
      { selector: ({ key }) => key, maxLength: 30 },
    ),
  }),
);

function write(path: string, made: Invented): void {
  const file = new DatabaseSync(path);
  const table = identifier(made.table);
  const columns = made.columns.map(({ name, type }) => `${identifier(name)} ${type}`).join(", ");
  file.exec(`PRAGMA encoding = '${made.encoding}'`);
  const key =
    made.kind === "plain" ? "" : `, "key" ${made.kind === "numbered" ? "INTEGER PRIMARY KEY" : "PRIMARY KEY"}`;
  file.exec(`CREATE TABLE ${table} (${columns}${key})${made.kind === "without rowid" ? " WITHOUT ROWID" : ""}`);
  const extra = made.kind === "plain" ? [] : ["key"];
  for (const row of made.rows) {
    const bound = [...row.values, ...(made.kind === "plain" ? [] : [row.key])];
    const places = bound.map((one) => (isText(one) ? "CAST(? AS TEXT)" : "?"));
    const into = [...made.columns.map(({ name }) => name), ...extra].map(identifier).join(", ");
    file
      .prepare(`INSERT INTO ${table} (${into}) VALUES (${places.join(", ")})`)
      .run(...bound.map((one) => (isText(one) ? one.text : one)));
  }
  file.close();
}

const isText = (bound: Bound): bound is { text: Uint8Array } =>
  typeof bound === "object" && bound !== null && "text" in bound;

/** Every row as node:sqlite gives it, value by value. */
function readPlainly(path: string, { table, kind }: Invented, columns: readonly string[]): Stored[][] {
  const order = kind === "plain" ? "_rowid_" : '"key"';
  const file = new DatabaseSync(path, { readOnly: true });
  const selected = columns.map(identifier).map((column) => `typeof(${column}), CAST(${column} AS BLOB), ${column}`);
  const statement = file.prepare(`SELECT ${selected.join(", ")} FROM ${identifier(table)} ORDER BY ${order}`);
  statement.setReadBigInts(true);
  statement.setReturnArrays(true);
  const rows = (statement.all() as unknown as unknown[][]).map((row) =>
    columns.map((_, index): Stored => {
      const [kind, stored, plain] = row.slice(index * 3, index * 3 + 3);
      if (kind === "null") return undefined;
      return { class: String(kind), bytes: Buffer.from(stored as Uint8Array), value: plain };
    }),
  );
  file.close();
  return rows;
}

/** What the staging copy must hold of a value: a text, or what a text must read back as, and the bytes it does not show. */
interface Expected {
  readonly text: string | number | null;
  readonly hex?: boolean;
  readonly odd?: string;
}

function expected(stored: Stored, type: string, encoding: string): Expected {
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

/** A staged text as it is expected: several texts read as the same number. */
function shownAs(text: string | null, { text: wanted, hex }: Expected): unknown {
  const shown = hex === true && text !== null ? Buffer.from(text, "hex").toString() : text;
  return typeof wanted === "number" && shown !== null ? Number(shown) + 0 : shown;
}

const swapped = (raw: Buffer, encoding: string): Buffer =>
  encoding === "utf-16be" && raw.length % 2 === 0 ? Buffer.from(raw).swap16() : raw;

async function stage(
  source: ForeignSource,
  table: string,
  rowsPerChunk: number,
): Promise<{ staged: Sums[]; counted: Sums[] }> {
  const columns = [...(source.catalogue.tables.get(table)?.columns.keys() ?? []), "~odd"].map(
    (_, index) => `c${index.toString()}`,
  );
  await client.query(
    `DROP TABLE IF EXISTS stage; CREATE UNLOGGED TABLE stage (${columns.map((one) => `${one} text`).join(", ")})`,
  );
  const snapshot = await source.snapshot(2);
  const reader = await snapshot.reader();
  const other = await snapshot.reader();
  const staged: Sums[] = [];
  const counted: Sums[] = [];
  for (const chunk of chunksBetween(await snapshot.boundaries(table, rowsPerChunk))) {
    const into = client.query(copyFrom("COPY stage FROM STDIN"));
    await pipeline(reader.staged(table, chunk), into);
    staged.push(await reader.stagedSums(table, chunk));
    counted.push(await other.stagedSums(table, chunk));
  }
  expect(await snapshot.count(table)).toBe(staged.reduce((rows, one) => rows + Number(one.rows), 0));
  await snapshot.close();
  return { staged, counted };
}

async function loadedSums(width: number): Promise<Sums> {
  const columns = Array.from({ length: width }, (_, index) => ({ name: `c${index.toString()}`, type: "text" }));
  const result = await client.query<Sums>(sums(`SELECT s.*, '' AS "legacy_id" FROM stage s`, columns, "text"));
  return result.rows[0] ?? { rows: "", first: "", second: "" };
}

const added = (list: readonly Sums[]): Sums => ({
  rows: list.reduce((sum, one) => sum + BigInt(one.rows), 0n).toString(),
  first: list.reduce((sum, one) => sum + BigInt(one.first), 0n).toString(),
  second: list.reduce((sum, one) => sum + BigInt(one.second), 0n).toString(),
});

async function holdsTrue(made: Invented, rowsPerChunk: number): Promise<void> {
  const path = join(directory, `${(++files).toString()}.db`);
  write(path, made);
  const source = await openSQLite(path);
  try {
    const columns = [...(source.catalogue.tables.get(made.table)?.columns.keys() ?? [])];
    const { staged, counted } = await stage(source, made.table, rowsPerChunk);
    const loaded = await loadedSums(columns.length + 1);
    expect(added(staged)).toEqual(loaded);
    expect(added(counted)).toEqual(loaded);
    const found = await client.query<(string | null)[]>({ text: "SELECT * FROM stage", rowMode: "array" });
    const declared = columns.map((name) => source.catalogue.tables.get(made.table)?.columns.get(name)?.type ?? "");
    const wanted = readPlainly(path, made, columns).map((row) =>
      row.map((one, index) => expected(one, declared[index] ?? "", made.encoding.toLowerCase())),
    );
    expect(
      found.rows.map((row, at) =>
        row.slice(0, -1).map((one, index) => shownAs(one, wanted[at]?.[index] ?? { text: "" })),
      ),
    ).toEqual(wanted.map((row) => row.map(({ text: one }) => (typeof one === "number" ? one + 0 : one))));
    const odd = wanted.map((row) =>
      row.flatMap(({ odd: hex }, index) => (hex === undefined ? [] : [[columns[index], hex]])),
    );
    expect(found.rows.map((row) => oddOf(row.at(-1) ?? null))).toEqual(odd.map((list) => list.toSorted()));
  } finally {
    await source.close();
    await rm(path);
  }
}

const oddOf = (odd: string | null): [string, unknown][] =>
  odd === null ? [] : Object.entries(JSON.parse(odd) as Record<string, string>).toSorted();

test("whatever tables and values there are, the staging copy holds them and has the same sums", async () => {
  await fc.assert(fc.asyncProperty(invented, fc.integer({ min: 1, max: 12 }), holdsTrue), {
    numRuns: 60,
    seed: Number(process.env["SEED"] ?? Date.now() % 2 ** 31),
  });
});
