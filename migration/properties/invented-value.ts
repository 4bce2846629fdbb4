import { createHash } from "node:crypto";
import fc from "fast-check";
import type { Plan } from "../plans/plan.ts";

/** A value of a legacy column, as it is stored, and as the target shows it: undefined where nothing is promised but that it is kept. */
export interface InventedValue {
  readonly stored: string | number | bigint | Uint8Array | null;
  readonly means: string | null | undefined;
}

const plain = (stored: string): InventedValue => ({ stored, means: stored });
const odd = (stored: InventedValue["stored"]): InventedValue => ({ stored, means: undefined });
const nothing: InventedValue = { stored: null, means: null };

/** Text that no index of the target could hold, and that compresses badly. */
const long = Array.from({ length: 70 }, (_, index) => createHash("sha256").update(String(index)).digest("base64")).join(
  "",
);

const nasty = [
  "",
  " ",
  "\\N",
  "NULL",
  "null",
  "\\",
  "\\\\.",
  "\\.",
  "'",
  '"',
  "\t",
  "\r\n",
  "\n",
  "|",
  ":",
  "0",
  "a ",
  " a",
  "é",
  "e\u0301",
  "\u202Eabc",
  "👩‍👩‍👧",
  "\u{10FFFF}",
  "\u0001",
  "{}",
  "%s",
  "$1",
  "--",
  "İ",
  "ß",
  "admin",
  "user1",
  long,
];

const text = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...nasty) },
  { weight: 3, arbitrary: fc.string({ unit: "binary", maxLength: 12 }) },
);
const withoutNul = text.map((one) => one.replaceAll("\0", "0"));

/** Numbers of rows, and of those that others refer to: mostly of rows that are there. */
const smallKey = fc.integer({ min: 1, max: 12 });
const key = (limits: readonly bigint[]): fc.Arbitrary<InventedValue> =>
  fc
    .oneof(
      { weight: 12, arbitrary: smallKey.map(BigInt) },
      { weight: 1, arbitrary: fc.constantFrom(0n, -1n, ...limits) },
    )
    .map((number) => plain(number.toString()));

const whole = (limits: readonly bigint[]): fc.Arbitrary<InventedValue> =>
  fc
    .oneof(fc.integer({ min: -3, max: 20 }).map(BigInt), fc.constantFrom(...limits))
    .map((number) => plain(number.toString()));

const shorts = [32767n, -32768n];
const integers = [2147483647n, -2147483648n];
const bigs = [9223372036854775807n, -9223372036854775808n, 2n ** 40n, 2n ** 40n - 1n, 2n ** 39n];

const moment = fc
  .date({ min: new Date("1000-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59Z"), noInvalidDate: true })
  .map((at) => at.toISOString().replace("T", " ").replace(/\..*/, ""));
const moments = fc.oneof(
  moment,
  fc.constantFrom(
    "1969-12-31 23:59:59",
    "1970-01-01 00:00:00",
    "2024-02-29 23:59:59",
    "9999-12-31 23:59:59",
    "2026-03-29 02:30:00",
  ),
);
const day = moments.map((at) => at.slice(0, 10));

const uuids = Array.from({ length: 12 }, (_, index) => {
  const hex = createHash("md5").update(String(index)).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
});

const goodJson = fc.constantFrom("{}", "[]", "[1, 2]", '"é"', "true", '{"a": [null, 1.50]}', '["\\n"]').map(plain);
const oddJson = [
  '"\\u0000"',
  '"\\ud800"',
  "[1e400]",
  '{"a": 1, "a": 2}',
  "1e999999",
  `${"[".repeat(900)}${"]".repeat(900)}`,
  "null",
];

const oneOf = (...values: readonly string[]): fc.Arbitrary<InventedValue> => fc.constantFrom(...values).map(odd);

function ofPostgres(type: string): fc.Arbitrary<InventedValue> {
  switch (type) {
    case "smallint":
      return whole(shorts);
    case "integer":
      return whole(integers);
    case "bigint":
      return whole([...integers, ...bigs]);
    case "boolean":
      return fc.constantFrom("true", "false").map(plain);
    case "uuid":
      return fc.constantFrom(...uuids).map(plain);
    case "double precision":
      return fc.oneof(
        oneOf("NaN", "Infinity", "-Infinity"),
        fc.constantFrom("0", "-0", "0.1", "5e-324", "1.7976931348623157e+308").map(plain),
      );
    case "timestamp with time zone":
      return fc.oneof(
        { weight: 4, arbitrary: moments.map((at) => ({ stored: `${at}+00`, means: `${at}+00` })) },
        oneOf(
          "infinity",
          "-infinity",
          "4713-01-01 00:00:00 BC",
          "20000-01-01 00:00:00+00",
          "2024-02-29 23:59:59.999999-11:30",
        ),
      );
    case "timestamp without time zone":
      return fc.oneof(
        { weight: 4, arbitrary: moments.map((at) => ({ stored: at, means: `${at}+00` })) },
        oneOf("infinity", "-infinity", "4713-01-01 00:00:00 BC", "294276-12-31 23:59:59"),
      );
    case "interval":
      return oneOf("00:00:00", "infinity", "1 mon -1 days +00:00:00.000001", "-170000000 years", "30 days", "1 mon");
    case "json":
      return fc.oneof(goodJson, oneOf(...oddJson));
    case "jsonb":
      return fc.oneof(goodJson, oneOf("null", '{"b": 1, "a": {"b": 1e-400}}', '["\\\\u0000"]'));
    case "date":
      return fc.oneof(day.map(plain), oneOf("infinity", "4713-01-01 BC"));
    default:
      return withoutNul.map(plain);
  }
}

function ofMariaDB(type: string): fc.Arbitrary<InventedValue> {
  switch (type) {
    case "tinyint(1)":
      return fc.oneof(
        fc.constantFrom("0", "1").map((stored) => ({ stored, means: stored === "1" ? "true" : "false" })),
        oneOf("2", "-1", "127", "-128"),
      );
    case "smallint":
      return whole(shorts);
    case "int":
      return whole(integers);
    case "bigint":
      return whole([...integers, ...bigs]);
    case "decimal":
      return fc.constantFrom("0", "0.01", "1.5", "-999.25", "99.99").map(plain);
    case "float":
      return fc.constantFrom("0", "0.5", "-1", "1024").map(plain);
    case "datetime":
      return fc.oneof(
        { weight: 4, arbitrary: moments.map((at) => ({ stored: at, means: `${at}+00` })) },
        oneOf("0000-00-00 00:00:00", "2024-02-00 00:00:00", "2024-00-01 00:00:00"),
      );
    case "date":
      return fc.oneof({ weight: 4, arbitrary: day.map(plain) }, oneOf("0000-00-00", "2024-02-00"));
    case "json":
      return fc.oneof(goodJson, oneOf(...oddJson, "not json", ""));
    default:
      return text.map((stored) => (stored.includes("\0") ? odd(stored) : plain(stored)));
  }
}

const anything = fc.oneof(
  text.map((stored) => odd(stored)),
  fc.constantFrom(0n, 1n, -1n, ...integers, ...bigs).map(odd),
  fc.constantFrom(0.1, -0, 1e300, 3.5, 7.0, Infinity, 5e-324).map(odd),
  fc.uint8Array({ maxLength: 6 }).map(odd),
);

function ofSQLite(type: string): fc.Arbitrary<InventedValue> {
  const strange = { weight: 1, arbitrary: anything };
  switch (type) {
    case "integer":
      return fc.oneof(
        {
          weight: 3,
          arbitrary: whole([...integers, ...bigs]).map(({ stored, means }) => ({
            stored: BigInt(String(stored)),
            means,
          })),
        },
        strange,
      );
    case "boolean":
      return fc.oneof(
        {
          weight: 3,
          arbitrary: fc.constantFrom(0n, 1n).map((stored) => ({ stored, means: stored === 1n ? "true" : "false" })),
        },
        strange,
      );
    case "datetime":
      return fc.oneof(
        { weight: 3, arbitrary: moments.map((at) => ({ stored: at, means: `${at}+00` })) },
        strange,
        oneOf("12/31/2019 23:59", "2026-02-29 10:00:00", ""),
      );
    case "date":
      return fc.oneof({ weight: 3, arbitrary: day.map(plain) }, strange);
    default:
      return fc.oneof(
        { weight: 4, arbitrary: text.map((stored) => (stored.includes("\0") ? odd(stored) : plain(stored))) },
        strange,
      );
  }
}

/** What a column may hold: `is` says whether it is part of the row's key, points to another row, or neither. */
export function inventedValue(
  engine: Plan["engine"],
  type: string,
  is: "key" | "reference" | "value",
): fc.Arbitrary<InventedValue> {
  const numeric = type.includes("int") && type !== "tinyint(1)" && type !== "interval";
  const limits = type === "bigint" || (engine === "sqlite" && type === "integer") ? bigs : [];
  if (is === "key") return numeric ? key(limits) : type === "uuid" ? ofPostgres("uuid") : withoutNul.map(plain);
  const all = { postgresql: ofPostgres, mariadb: ofMariaDB, sqlite: ofSQLite }[engine](type);
  if (is === "reference" && (numeric || type === "uuid"))
    return fc.oneof(
      { weight: 8, arbitrary: numeric ? key(limits) : all },
      { weight: 1, arbitrary: fc.constant(nothing) },
      { weight: 1, arbitrary: all },
    );
  return fc.oneof({ weight: 6, arbitrary: all }, { weight: 1, arbitrary: fc.constant(nothing) });
}
