import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import pg from "pg";
import { createDatabase, type TestDatabase } from "../../test/services/services.ts";
import { jsonRepairs } from "./json.ts";

let database: TestDatabase;
let client: pg.Client;

const [unstorable, doubled] = jsonRepairs("doc", "doc");

beforeAll(async () => {
  database = await createDatabase();
  client = new pg.Client(database);
  await client.connect();
  await client.query(`CREATE TABLE texts (id integer, doc json);
    CREATE FUNCTION fits(doc json) RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN PERFORM doc::jsonb; RETURN true;
    EXCEPTION WHEN data_exception OR statement_too_complex OR program_limit_exceeded THEN RETURN false; END $$`);
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

interface Judged {
  readonly unstorable: boolean;
  readonly doubled: boolean;
  /** Whether PostgreSQL itself makes a jsonb of it. */
  readonly fits: boolean;
}

/** What the rules say of JSON texts, and what PostgreSQL does. */
async function judge(texts: readonly string[]): Promise<Judged[]> {
  await client.query("TRUNCATE texts");
  await client.query("INSERT INTO texts SELECT n, t::json FROM unnest($1::text[]) WITH ORDINALITY AS u (t, n)", [
    texts,
  ]);
  const judged = await client.query<Judged>(
    `SELECT (${unstorable?.when ?? ""}) AS unstorable, (${doubled?.when ?? ""}) AS doubled, fits(t.doc) FROM texts t ORDER BY id`,
  );
  return judged.rows;
}

const nested = (open: string, close: string, levels: number): string => open.repeat(levels) + close.repeat(levels);

test.each([
  ["a plain document", '{"a": [1, 2, {"b": null}], "c": "x"}'],
  ["an escaped backslash before u0000", String.raw`"\\u0000"`],
  ["two escaped backslashes before u0000", String.raw`"\\\\u0000"`],
  ["a proper pair of surrogates", String.raw`"\ud83d\uDE00"`],
  ["what looks like half a pair behind an escaped backslash", String.raw`"\\ud83d"`],
  ["a large exponent", "[1e9999, 1E-9999, 1e00005]"],
  ["many digits", `[${"1".repeat(5000)}, 0.${"1".repeat(5000)}]`],
  ["digits and exponents within text", JSON.stringify(`1e99999 ${"7".repeat(6000)}`)],
  ["exponents within text behind an escaped quote", String.raw`["\"1e99999", 1]`],
  ["a depth of a thousand", nested("[", "]", 1000)],
  ["brackets within text", JSON.stringify("[{".repeat(4000))],
  ["many short lists", `[${"[],".repeat(4000)}[]]`],
  ["colons within text", '{"a": ":::", "b:": "::"}'],
  ["the same key in two objects", '[{"a": 1}, {"a": 2}]'],
  ["a colon as an escape", String.raw`{"a": "\u003a", "b": 1}`],
])("%s becomes a jsonb as it is", async (_, text) => {
  expect(await judge([text])).toEqual([{ unstorable: false, doubled: false, fits: true }]);
});

test.each([
  ["the character NUL", String.raw`{"a": "x\u0000y"}`],
  ["NUL behind an escaped backslash", String.raw`"\\\u0000"`],
  ["NUL in a key", String.raw`{"\u0000": 1}`],
  ["the first half of a pair", String.raw`"\uD83D"`],
  ["the second half of a pair", String.raw`"\ude00"`],
  ["two first halves and a second", String.raw`"\ud83d\ud83d\ude00"`],
  ["a pair and a second half", String.raw`"\ud83d\ude00\ude00"`],
  ["a pair with a character between", String.raw`"\ud83dx\ude00"`],
  ["a pair with a backslash between", String.raw`"\ud83d\\\ude00"`],
  ["an exponent beyond all", "[1e999999]"],
  ["a fraction beyond all", "1e-16384"],
  ["an exponent between texts with backslashes", String.raw`["\\", 1e999999, "\\"]`],
  ["more digits than a numeric has", "1".repeat(200_000)],
])("%s is found, which no jsonb can hold", async (_, text) => {
  expect(await judge([text])).toEqual([{ unstorable: true, doubled: false, fits: false }]);
});

test.each([
  ["a depth beyond a thousand", nested('{"a":[', "]}", 501)],
  ["more than five thousand digits", "1".repeat(5001)],
  ["an exponent of five digits", "1e10000"],
])("%s is taken for more than a jsonb should hold", async (_, text) => {
  expect(await judge([text])).toMatchObject([{ unstorable: true }]);
});

test.each([
  ["a key twice", '{"a": 1, "a": 2}'],
  ["a key twice in an inner object", '[{"a": {"b": 1, "b": 1}}]'],
  ["a key twice, once as an escape", String.raw`{"a": 1, "\u0061": 2}`],
  ["a key twice beside a colon as an escape", String.raw`{"a": "\u003a", "a": 1}`],
  ["a key with quotes twice", String.raw`{"\"": 1, "\"": 2}`],
])("%s is found", async (_, text) => {
  expect(await judge([text])).toEqual([{ unstorable: false, doubled: true, fits: true }]);
});

/** A JSON text, and how many pairs of a key and a value were written into it. */
interface Invented {
  readonly text: string;
  readonly pairs: number;
}

const sum = (parts: readonly Invented[]): number => parts.reduce((count, { pairs }) => count + pairs, 0);

/** How many pairs are left when the last of each key counts. */
function pairsOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const inner = Object.values(value).reduce<number>((count, part) => count + pairsOf(part), 0);
  return inner + (Array.isArray(value) ? 0 : Object.keys(value).length);
}

test("of invented texts none is cast that no jsonb can hold, none is refused that one can, and each lost key is seen", async () => {
  const escape = fc.constantFrom(
    ...[String.raw`\\`, String.raw`\"`, String.raw`\n`, String.raw`\u0000`, String.raw`\u0041`, String.raw`\u003a`],
    ...[
      String.raw`\ud83d`,
      String.raw`\ude00`,
      String.raw`\uD83D\uDE00`,
      String.raw`\u00e9`,
      ":",
      "u0000",
      "1e99999",
      "[",
    ],
  );
  const text = fc
    .array(fc.oneof(escape, fc.constantFrom("a", "é", "🔑", "e", "0")), { maxLength: 6 })
    .map((parts) => `"${parts.join("")}"`);
  const number = fc.constantFrom("0", "-0", "1.50", "9007199254740993", "1e400", "1E-500", "1e131072", "-1e-20000");
  const plain = (of: fc.Arbitrary<string>): fc.Arbitrary<Invented> => of.map((one) => ({ text: one, pairs: 0 }));
  const { json } = fc.letrec<{ json: Invented }>((tie) => ({
    json: fc.oneof(
      { maxDepth: 4 },
      plain(text),
      plain(number),
      plain(fc.constantFrom("null", "true")),
      fc.array(tie("json"), { maxLength: 4 }).map((parts) => ({
        text: `[${parts.map((part) => part.text).join(", ")}]`,
        pairs: sum(parts),
      })),
      fc.array(fc.tuple(text, tie("json")), { maxLength: 4 }).map((pairs) => ({
        text: `{${pairs.map(([key, value]) => `${key}: ${value.text}`).join(", ")}}`,
        pairs: pairs.length + sum(pairs.map(([, value]) => value)),
      })),
    ),
  }));
  await fc.assert(
    fc.asyncProperty(fc.array(json, { minLength: 50, maxLength: 50 }), async (invented) => {
      const judged = await judge(invented.map((one) => one.text));
      expect(judged.map(({ unstorable: found }) => found)).toEqual(judged.map(({ fits }) => !fits));
      const lost = invented.map(
        ({ text: one, pairs }, index) => judged[index]?.fits === true && pairs > pairsOf(JSON.parse(one)),
      );
      expect(judged.map(({ doubled: found }) => found)).toEqual(lost);
    }),
    { numRuns: 60 },
  );
});
