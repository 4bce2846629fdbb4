import fc from "fast-check";

/** A value in a row: how it is written in SQL, and what is staged of it. */
export interface Stored {
  readonly sql: string;
  /** The staged text; a function where more than one spelling is right. */
  readonly text: string | null | ((text: string) => boolean);
  /** The hex in `~odd`. */
  readonly odd?: string;
}

/** A column of an invented table. */
export interface Invented {
  readonly declared: string;
  readonly values: fc.Arbitrary<Stored>;
}

const same = (sql: string): Stored => ({ sql, text: sql });
const quoted = (text: string): Stored => ({ sql: `'${text}'`, text });
const two = (number: number): string => number.toString().padStart(2, "0");
const integers = (min: bigint, max: bigint): fc.Arbitrary<Stored> =>
  fc.bigInt({ min, max }).map((value) => same(value.toString()));

const reals = (values: fc.Arbitrary<number>): fc.Arbitrary<Stored> =>
  values.map((value) => ({ sql: value.toExponential(), text: (text) => Number(text) === value }));

const pieces = fc.oneof(
  fc.string({ unit: "binary", maxLength: 6 }).map((text) => Buffer.from(text)),
  fc
    .constantFrom("\\", "\t", "\n", "\r", "|", "\\N", "\\p", "\0", "NULL", " ", "퀀", "🔑")
    .map((text) => Buffer.from(text)),
  // Half of a surrogate pair: MariaDB keeps it, and neither PostgreSQL nor Unicode takes it for a character.
  fc.constant(Buffer.from("EDA080", "hex")),
);

// Long ones are escaped in another way than short ones.
const repeated = fc.tuple(fc.array(pieces, { maxLength: 8 }), fc.constantFrom(1, 1, 100));

const texts = repeated.map(([list, times]): Stored => {
  const bytes = Buffer.concat(Array.from({ length: times }, () => list).flat());
  const text = bytes.toString("utf8");
  const odd = text.includes("\0") || !Buffer.from(text).equals(bytes);
  const sql = `CONVERT(X'${bytes.toString("hex")}' USING utf8mb4)`;
  return { sql, text: text.replaceAll("\0", ""), ...(odd ? { odd: bytes.toString("hex") } : {}) };
});

const latin = fc.string({ unit: fc.constantFrom("a", "é", "ÿ", "€", "\\", "\t"), maxLength: 9 });

const days = fc.oneof(
  fc
    .tuple(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 28 }))
    .map(([year, month, day]) => `${year.toString().padStart(4, "0")}-${two(month)}-${two(day)}`),
  fc.constant("0000-00-00"),
);
const times = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map(two).join(":"));
const micros = fc.integer({ min: 0, max: 999_999 }).map((value) => value.toString().padStart(6, "0"));

const bytes = (maxLength: number): fc.Arbitrary<Stored> =>
  fc.uint8Array({ maxLength }).map((value) => {
    const hex = Buffer.from(value).toString("hex").toUpperCase();
    return { sql: `X'${hex}'`, text: hex };
  });

/** Columns of every type that is staged. */
export const inventions: readonly Invented[] = [
  { declared: "tinyint(1)", values: integers(-128n, 127n) },
  { declared: "smallint unsigned", values: integers(0n, 65_535n) },
  { declared: "mediumint(5) zerofill", values: integers(0n, 16_777_215n) },
  { declared: "int", values: integers(-(2n ** 31n), 2n ** 31n - 1n) },
  { declared: "bigint", values: integers(-(2n ** 63n), 2n ** 63n - 1n) },
  { declared: "bigint unsigned zerofill", values: integers(0n, 2n ** 64n - 1n) },
  {
    declared: "decimal(30,8)",
    values: fc
      .tuple(fc.bigInt({ min: -(10n ** 22n) + 1n, max: 10n ** 22n - 1n }), fc.integer({ min: 0, max: 99_999_999 }))
      .map(([whole, places]) => same(`${whole.toString()}.${places.toString().padStart(8, "0")}`)),
  },
  { declared: "float", values: reals(fc.float({ noNaN: true, noDefaultInfinity: true })) },
  { declared: "float(9,2)", values: reals(fc.integer({ min: -4000, max: 4000 }).map((value) => value / 4)) },
  { declared: "double", values: reals(fc.double({ noNaN: true, noDefaultInfinity: true })) },
  { declared: "bit(1)", values: fc.constantFrom(same("0"), same("1")) },
  { declared: "bit(64)", values: integers(0n, 2n ** 64n - 1n) },
  { declared: "year", values: fc.constantFrom(same("0"), same("1901"), same("2026"), same("2155")) },
  { declared: "date", values: days.map(quoted) },
  { declared: "datetime", values: fc.tuple(days, times).map(([day, time]) => quoted(`${day} ${time}`)) },
  {
    declared: "datetime(6)",
    values: fc.tuple(days, times, micros).map(([day, time, micro]) => quoted(`${day} ${time}.${micro}`)),
  },
  {
    declared: "timestamp(3) NULL",
    values: fc
      .tuple(fc.integer({ min: 2000, max: 2037 }), times)
      .map(([year, time]) => quoted(`${year.toString()}-03-31 ${time}.250`)),
  },
  {
    declared: "time(2)",
    values: fc.constantFrom("-838:59:58.00", "00:00:00.00", "12:34:56.78", "838:59:58.25").map(quoted),
  },
  { declared: "varchar(5000)", values: texts },
  {
    declared: "char(200) COLLATE utf8mb4_unicode_ci",
    values: fc
      .constantFrom("", "a b", "Ünï|\\")
      .map((text) => ({ sql: `CONVERT(X'${Buffer.from(text).toString("hex")}' USING utf8mb4)`, text })),
  },
  { declared: "longtext", values: texts },
  {
    declared: "text CHARACTER SET latin1",
    values: latin.map((text) => ({ sql: `CONVERT(X'${Buffer.from(text).toString("hex")}' USING utf8mb4)`, text })),
  },
  {
    declared: "json",
    values: fc
      .json({ maxDepth: 2 })
      .map((text) => ({ sql: `CONVERT(X'${Buffer.from(text).toString("hex")}' USING utf8mb4)`, text })),
  },
  {
    declared: "enum('a','b|c','\\t')",
    values: fc.constantFrom(
      { sql: "1", text: "a" },
      { sql: "2", text: "b|c" },
      { sql: "3", text: "\t" },
      { sql: "'none of them'", text: "" },
    ),
  },
  { declared: "set('p','q|')", values: fc.constantFrom({ sql: "0", text: "" }, { sql: "3", text: "p,q|" }) },
  { declared: "varbinary(20)", values: bytes(20) },
  { declared: "longblob", values: bytes(300) },
  {
    declared: "uuid",
    values: fc
      .uuid({ version: 4 })
      .map((value) => ({ ...quoted(value), text: (text) => text.toLowerCase() === value })),
  },
  { declared: "inet6", values: fc.constantFrom("::1", "2001:db8::7").map(quoted) },
];
