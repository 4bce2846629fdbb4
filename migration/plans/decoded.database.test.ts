import { migrateSchema } from "@landfall/app/schema/migrate";
import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../test/services/services.ts";
import { decodingOf } from "./decoded.ts";

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createDatabase();
  client = new pg.Client(database);
  await client.connect();
  await migrateSchema(client, { direction: "up", log: () => undefined });
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

interface Judged {
  readonly text: string;
  readonly quick: boolean;
  /** What is found when all is looked at: spelled plainly, and a value. */
  readonly clean: boolean;
}

async function judge(declared: string, texts: readonly string[]): Promise<Judged[]> {
  const { read = "", plain = "", quick = () => "false" } = decodingOf(declared);
  const judged = await client.query<Judged>(
    `SELECT t AS text, ${quick("t")} AS quick, t ~ $2 AND migration.${read}(t) IS NOT NULL AS clean FROM unnest($1::text[]) t`,
    [texts, plain],
  );
  return judged.rows;
}

const year = fc.constantFrom("2024", "1900", "0001", "0000", "9999", "-024", "２０２４", "24");
const part = fc.constantFrom(
  "00",
  "01",
  "02",
  "04",
  "12",
  "13",
  "28",
  "29",
  "30",
  "31",
  "32",
  "5",
  "0:",
  "1-",
  "60",
  "",
);
const day = fc.tuple(year, part, part).map((parts) => parts.join("-"));
const fraction = fc.constantFrom("", ".", ".1", ".123456", ".1234567", "+02", "Z", "\n");
const instant = fc
  .tuple(day, fc.constantFrom(" ", "T", "t", ""), part, part, part, fraction)
  .map(([date, gap, hour, minute, second, rest]) => `${date}${gap}${hour}:${minute}:${second}${rest}`);
const number = fc.tuple(
  fc.constantFrom("", "-", "+", " "),
  fc.stringMatching(/^[0-9]{0,40}(\.[0-9]{0,40})?$/),
  fc.constantFrom("", "e5", "\n", "x"),
);
const texts: Readonly<Record<string, fc.Arbitrary<string>>> = {
  date: day,
  datetime: instant,
  bigint: number.map((parts) => parts.join("")),
  decimal: number.map((parts) => parts.join("")),
  double: number.map((parts) => parts.join("")),
  boolean: fc.constantFrom("0", "1", "2", "", "t", "01", "1\n"),
};

test.each(Object.entries(texts))("what the quick look takes for a plain %s is one", async (declared, arbitrary) => {
  await fc.assert(
    fc.asyncProperty(fc.array(arbitrary, { minLength: 200, maxLength: 400 }), async (invented) => {
      const judged = await judge(declared, invented);
      expect(judged.filter(({ quick, clean }) => quick && !clean)).toEqual([]);
    }),
    { numRuns: 20 },
  );
});

test("the quick look knows every day of a year, but for the one that not every year has", async () => {
  const days = await client.query<{ day: string }>(
    "SELECT to_char(d, 'YYYY-MM-DD') AS day FROM generate_series('2024-01-01'::date, '2024-12-31', '1 day') d",
  );
  const dates = await judge(
    "date",
    days.rows.map(({ day: text }) => text),
  );
  const instants = await judge(
    "datetime",
    days.rows.map(({ day: text }) => `${text} 23:59:59.25`),
  );
  expect(dates.filter(({ quick }) => !quick).map(({ text }) => text)).toEqual(["2024-02-29"]);
  expect(instants.filter(({ quick }) => !quick).map(({ text }) => text)).toEqual(["2024-02-29 23:59:59.25"]);
});

test("what only newer servers take for a number is none, so that each version reads the same", async () => {
  const { rows } = await client.query(
    `SELECT t AS text, migration.read_bigint(t)::text AS whole, migration.read_numeric(t)::text AS number
     FROM unnest('{0x10,-0X1f,0o7,0b1,1_000,1e3," +5 ",7.0}'::text[]) t`,
  );
  const none = { whole: null, number: null };
  expect(rows).toEqual([
    ...["0x10", "-0X1f", "0o7", "0b1", "1_000"].map((text) => ({ text, ...none })),
    { text: "1e3", whole: "1000", number: "1000" },
    { text: " +5 ", whole: "5", number: "5" },
    { text: "7.0", whole: "7", number: "7.0" },
  ]);
});
