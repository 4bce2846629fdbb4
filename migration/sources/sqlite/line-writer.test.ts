import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { makeLineWriter, type Shape } from "./line-writer.ts";
import { makeMarks } from "./marks.ts";
import { makePlainValue, plainKinds, type PlainKind } from "./plain-value.ts";

const marks = makeMarks();
const writer = makeLineWriter(marks, makePlainValue());

/** Rows as SQL hands them over; null is a missing value. */
function marked(rows: readonly (readonly (string | Uint8Array | null)[])[]): Uint8Array {
  const parts = rows.flatMap((row, at) => [
    ...(at === 0 ? [] : [Uint8Array.of(marks.row)]),
    ...row.flatMap((value, index) => [
      ...(index === 0 ? [] : [Uint8Array.of(marks.column)]),
      value === null ? marks.missing : Buffer.from(value),
    ]),
  ]);
  return Buffer.concat(parts);
}

/** The line of a row with this value between a number and a text; undefined when the value is doubtful. */
function lineOf(kind: PlainKind, value: string | Uint8Array): string | undefined {
  writer.reset();
  const shape: Shape = { width: 3, plain: { kinds: [plainKinds.bigint, kind, plainKinds.text], number: 0 } };
  const length = writer.convert(marked([["7", value, "after"]]), 1, shape);
  if (length === 0) expect(writer.doubtful).toEqual(["7"]);
  const line = Buffer.from(writer.lines.subarray(0, length)).toString();
  return length === 0 ? undefined : /^7\t(.*)\tafter\n$/s.exec(line)?.[1];
}

const same: readonly [PlainKind, string][] = [
  [plainKinds.bigint, "0"],
  [plainKinds.bigint, "-1"],
  [plainKinds.bigint, "9223372036854775807"],
  [plainKinds.bigint, "-9223372036854775808"],
  [plainKinds.numeric, "-0.5"],
  [plainKinds.numeric, "0.0"],
  [plainKinds.numeric, "9.90"],
  [plainKinds.numeric, "9".repeat(100)],
  [plainKinds.date, "2000-02-29"],
  [plainKinds.date, "9999-12-31"],
  [plainKinds.date, "0001-01-01"],
];

test("plain values go as they are", () => {
  expect(same.map(([kind, value]) => lineOf(kind, value))).toEqual(same.map(([, value]) => value));
});

test("flags and times go as PostgreSQL prints them", () => {
  expect(lineOf(plainKinds.boolean, "0")).toBe("false");
  expect(lineOf(plainKinds.boolean, "1")).toBe("true");
  expect(lineOf(plainKinds.timestamptz, "2024-01-01 00:00:00")).toBe("2024-01-01 00:00:00+00");
  expect(lineOf(plainKinds.timestamptz, "2024-01-01 23:59:59.100200")).toBe("2024-01-01 23:59:59.1002+00");
  expect(lineOf(plainKinds.timestamptz, "2024-01-01 23:59:59.000")).toBe("2024-01-01 23:59:59+00");
});

const refused: readonly [PlainKind, readonly string[]][] = [
  [plainKinds.bigint, ["", "-", "-0", "007", "+7", " 7", "7.0", "9223372036854775808", "-9223372036854775809", "1e3"]],
  [plainKinds.numeric, ["", "-0", "-0.0", ".5", "5.", "00.5", "1.0e+20", "1.2.3", "Inf", "NaN", "9".repeat(101)]],
  [plainKinds.boolean, ["", "2", "t", "01", "true"]],
  [
    plainKinds.date,
    ["", "0000-00-00", "2023-02-29", "1900-02-29", "2024-04-31", "2024-13-01", "2024-00-10", "2024-1-01"],
  ],
  [plainKinds.date, ["2024-01-00", "2024/01/01", "2024-01-01x", "0000-01-01", "20240-1-01"]],
  [plainKinds.timestamptz, ["2024-01-01", "2024-01-01T10:00:00", "2024-01-01 24:00:00", "2024-01-01 10:60:00"]],
  [plainKinds.timestamptz, ["2024-01-01 10:00:60", "2024-01-01 10:00:00.", "2024-01-01 10:00:00.1234567"]],
  [plainKinds.timestamptz, ["2024-01-01 10:00:00+00", "2024-01-01 10:00:00.12x", "2024-02-30 10:00:00", "now"]],
];

test("what PostgreSQL would refuse or print otherwise is doubtful", () => {
  for (const [kind, values] of refused) {
    expect(values.filter((value) => lineOf(kind, value) !== undefined)).toEqual([]);
  }
});

test("a row's number is known wherever it stands, and goes only where it is a column", () => {
  const bad = Uint8Array.of(0x61, 0);
  const rows = [
    ["a", "1"],
    [bad, "2"],
    [Uint8Array.of(0x80), "-3"],
    ["d", "4"],
  ];
  const within: Shape = { width: 2, plain: { kinds: [plainKinds.text, plainKinds.bigint], number: 1 } };
  const behind: Shape = { width: 1, plain: { kinds: [plainKinds.text], number: 1 } };
  for (const [shape, lines] of [
    [within, "a\t1\nd\t4\n"],
    [behind, "a\nd\n"],
  ] as const) {
    writer.reset();
    const length = writer.convert(marked(rows), rows.length, shape);
    expect(Buffer.from(writer.lines.subarray(0, length)).toString()).toBe(lines);
    expect(writer.doubtful).toEqual(["2", "-3"]);
    expect(writer.total.rows).toBe(2n);
  }
});

test("marks inside of values are no rows of the shape", () => {
  const shape: Shape = { width: 2, plain: { kinds: [plainKinds.bigint, plainKinds.text], number: 0 } };
  for (const mark of [marks.column, marks.row]) {
    writer.reset();
    expect(
      writer.convert(
        marked([
          ["1", "a"],
          ["2", Uint8Array.of(mark)],
        ]),
        2,
        shape,
      ),
    ).toBe(-1);
    expect([writer.total.rows, writer.doubtful]).toEqual([0n, []]);
  }
  writer.reset();
  expect(writer.convert(marked([["1", "a\0"]]), 1, { width: 2 })).toBe(-1);
});

const value = fc.option(
  fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.string({
      unit: fc.constantFrom("\\", "|", "\t", "\n", "\r", "\b", "N", "é", "x", "\u007f", "\u000e", "<", "ÿ"),
    }),
  ),
);
const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

test("lines and sums are those of the values, whatever the texts", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value), { minLength: 1 }), (rows) => {
      const sound = rows.map((row) => row.map((one) => one?.replaceAll("\0", "").toWellFormed() ?? null));
      writer.reset();
      const length = writer.convert(marked(sound), rows.length, { width: 2 });
      const lines = sound.map((row) =>
        row.map((one) => one?.replace(/[\\\t\n\r]/g, (found) => escapes[found] ?? "") ?? "\\N").join("\t"),
      );
      expect(Buffer.from(writer.lines.subarray(0, length)).toString()).toBe(lines.map((line) => `${line}\n`).join(""));
      const digests = sound.map((row) => {
        const texts = row.map((one) => one?.replaceAll("\\", "\\\\").replaceAll("|", "\\p") ?? "\\N");
        return createHash("md5").update(texts.join("|")).digest("hex");
      });
      const sum = (start: number): bigint =>
        digests.reduce((all, digest) => all + BigInt(`0x${digest.slice(start, start + 15)}`), 0n);
      expect(writer.total).toEqual({ rows: BigInt(rows.length), first: sum(0), second: sum(16) });
    }),
  );
});
