import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { identifier } from "../quote.ts";

/** A value as it is stored; undefined where it is missing. */
export type Stored = { class: string; bytes: Buffer; value: unknown } | undefined;

/** A value as it is bound; `text` is stored as text, whatever its bytes. */
export type Bound = null | bigint | number | string | Uint8Array | { text: Uint8Array };

/** A table with its rows, in a database of its own. */
export interface Invented {
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

const shown = (date: Date): string => date.toISOString().slice(0, 19).replace("T", " ");
const instant = fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }).map(shown);
const fraction = fc.stringMatching(/^(\\.[0-9]{1,7})?$/);

/** Values as a column of such a type should hold them, or nearly so. */
function fitting(type: string): fc.Arbitrary<Bound> {
  switch (type) {
    case "INTEGER":
    case "INT":
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    case "BOOLEAN":
      return fc.constantFrom(0n, 1n, 1n, 2n);
    case "DATE":
      return instant.map((one) => one.slice(0, 10));
    case "DATETIME":
      return fc.tuple(instant, fraction).map((parts) => parts.join(""));
    case "DECIMAL(10,2)":
      return fc.oneof(
        fc.integer({ min: -99_999, max: 99_999 }).map((cents) => cents / 100),
        fc.double({ noNaN: true }),
      );
    case "REAL":
    case "DOUBLE PRECISION":
      return fc.double({ noNaN: true });
    case "BLOB":
    case "VARBINARY(9)":
      return bytes;
    default:
      return text;
  }
}

const valueOf = (type: string): fc.Arbitrary<Bound> =>
  fc.oneof(
    { weight: 12, arbitrary: fitting(type) },
    { weight: 2, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: value },
  );

const names = ["a", "rowid", "with space", 'qu"ote', "dot.ted", "__proto__", "UPPER", "oid", "ключ", "~x", "1"];
/** Tables of all kinds, with values of all kinds, clean ones among them. */
export const invented: fc.Arbitrary<Invented> = fc
  .uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 6 })
  .chain((chosen) =>
    fc.tuple(...chosen.map((name) => fc.constantFrom(...types, ...moreTypes).map((type) => ({ name, type })))),
  )
  .chain((columns) =>
    fc.record({
      encoding: fc.constantFrom("UTF-8", "UTF-8", "UTF-8", "UTF-8", "UTF-16le", "UTF-16be"),
      table: fc.constantFrom("t", 'od"d.name'),
      kind: fc.constantFrom("numbered", "numbered", "plain", "plain", "without rowid"),
      columns: fc.constant(columns),
      rows: fc.uniqueArray(
        fc.record({
          key: fc.oneof(fc.bigInt({ min: -9n, max: 30n }), fc.constantFrom(...numbers)),
          values: fc.tuple(...columns.map(({ type }) => valueOf(type))),
        }),
        { selector: ({ key }) => key, maxLength: 30 },
      ),
    }),
  );

/** Makes the database. */
export function write(path: string, made: Invented): void {
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

/** Whether a value is stored as text, whatever its bytes. */
export const isText = (bound: Bound): bound is { text: Uint8Array } =>
  typeof bound === "object" && bound !== null && "text" in bound;

/** Every row as node:sqlite gives it, value by value. */
export function readPlainly(path: string, { table, kind }: Invented, columns: readonly string[]): Stored[][] {
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
