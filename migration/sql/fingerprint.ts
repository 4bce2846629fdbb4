import type { TargetColumn } from "../plans/columns.ts";
import { arrayLiteral, identifier } from "./quote.ts";

/**
 * How a row is boiled down to two numbers.
 * `native`: PostgreSQL's own 64-bit record hash under two seeds that the row's key is part of; the same only between
 * servers of one major version. A record's hash is a sum over its columns, so under seeds that all rows shared, rows
 * that have swapped their values would add up to the same.
 * `text`: the two halves (60 bits each) of the MD5 of the row's canonical text; the same between any two servers.
 */
export type Tier = "native" | "text";

/**
 * Values whose hash is not wholly theirs, and so is taken of their text: those that compare as equal and read differently
 * ('1 mon' = '30 days', 0 = -0), and JSON, where a value alone hashes like an array of it.
 */
const hashedAsText = new Set(["interval", "double precision", "real", "jsonb"]);

/**
 * One row's two hashes, over a relation named `m` that has `columns`, as `first` and `second`, beside its `legacy_id`.
 * OFFSET 0 keeps what is inside from being worked out once for each of the two.
 */
export function rowHashes(relation: string, columns: readonly TargetColumn[], tier: Tier): string {
  if (tier === "native") {
    const hashed = columns.map(({ name, type }) =>
      hashedAsText.has(type) ? `m.${identifier(name)}::text AS ${identifier(name)}` : `m.${identifier(name)}`,
    );
    const hash = (seed: number): string =>
      `hash_record_extended(r, hashtextextended(r."legacy_id", ${seed.toString()}))`;
    return `SELECT r."legacy_id", ${hash(1)} AS first, ${hash(2)} AS second
FROM (SELECT ${hashed.join(", ")}
FROM (${relation}) m OFFSET 0) r`;
  }
  const half = (start: number): string => `('x0' || substr(d.digest, ${start.toString()}, 15))::bit(64)::bigint`;
  return `SELECT d."legacy_id", ${half(1)} AS first, ${half(17)} AS second
FROM (SELECT m."legacy_id", md5(convert_to(concat_ws('|', ${columns.map(canonicalText).join(", ")}), 'UTF8')) AS digest
FROM (${relation}) m OFFSET 0) d`;
}

// A missing value is \N, and the separator and the backslash are escaped, so that no two rows read the same.
const canonicalText = ({ name, type }: TargetColumn): string => {
  const text = `m.${identifier(name)}::text`;
  const escaped = neverEscaped.has(type) ? text : `replace(replace(${text}, E'\\\\', E'\\\\\\\\'), '|', E'\\\\p')`;
  return `coalesce(${escaped}, E'\\\\N')`;
};

/** Types whose texts hold neither a separator nor a backslash. */
const neverEscaped = new Set(["smallint", "integer", "bigint", "numeric", "boolean", "date", "timestamptz", "uuid"]);

/**
 * Count and both sums of a relation: one row `(rows, first, second)`. Sums, so that no two faults cancel as in XOR; those of
 * a bigint are numeric and never overflow.
 */
export const sums = (relation: string, columns: readonly TargetColumn[], tier: Tier): string =>
  `SELECT count(*) AS rows, coalesce(sum(h.first), 0) AS first, coalesce(sum(h.second), 0) AS second
FROM (${rowHashes(relation, columns, tier)}) h`;

const bucketOf = `('x' || left(md5(h."legacy_id"), 2))::bit(8)::integer`;

/** The same for each of 256 buckets of legacy ids: rows `(bucket, rows, first, second)`. */
export const bucketSums = (relation: string, columns: readonly TargetColumn[], tier: Tier): string =>
  `SELECT ${bucketOf} AS bucket, count(*) AS rows, sum(h.first) AS first, sum(h.second) AS second
FROM (${rowHashes(relation, columns, tier)}) h GROUP BY 1`;

/** The rows of some buckets: `(legacy_id, first, second)`. */
export const bucketRows = (
  relation: string,
  columns: readonly TargetColumn[],
  of: { tier: Tier; buckets: readonly number[] },
): string =>
  `SELECT h."legacy_id", h.first, h.second
FROM (${rowHashes(relation, columns, of.tier)}) h
WHERE ${bucketOf} IN (${of.buckets.join(", ")})`;

/** An MD5 of each column of the named rows: `(legacy_id, digests)`; values themselves never leave the database. */
export const columnDigests = (relation: string, columns: readonly TargetColumn[], ids: readonly string[]): string =>
  `SELECT m."legacy_id", ARRAY[${columns.map((column) => `md5(convert_to(${canonicalText(column)}, 'UTF8'))`).join(", ")}] AS digests
FROM (${relation}) m WHERE m."legacy_id" = ANY (${arrayLiteral(ids, "text")})`;

/**
 * Settings under which values read the same on every server, nothing that takes long is cut off, workers that note
 * their progress do not fail for one another's sake, and no query is compiled: each chunk is a query of its own, and to
 * compile it takes longer than to run it. A server looks up now and then whether who asked is still there: a killed
 * runner's long query would keep the lock from the next one. Not every server knows each of the settings.
 */
export const readingSettings = `SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; SET TimeZone = 'UTC';
SET extra_float_digits = 1; SET bytea_output = 'hex'; SET client_encoding = 'UTF8';
SET standard_conforming_strings = on; SET quote_all_identifiers = off; SET array_nulls = on; SET transform_null_equals = off;
SET default_transaction_isolation = 'read committed'; SET default_transaction_deferrable = off;
SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0;
SELECT set_config(name, 'off', false) FROM pg_settings WHERE name = 'jit';
SELECT set_config(name, '2s', false) FROM pg_settings WHERE name = 'client_connection_check_interval';
SELECT set_config(name, '0', false) FROM pg_settings WHERE name IN ('transaction_timeout', 'idle_session_timeout')`;

/** A record of every type that a plan may use: two servers whose hashes of it agree can be compared by `native`. */
export const selfTest = `SELECT hash_record_extended(r, 1)::text AS first, hash_record_extended(r, 2)::text AS second
FROM (SELECT 9007199254740993::bigint AS a, 7::integer AS b, 3::smallint AS c, true AS d, 'Ünï|\\🔑'::text AS e,
  12.50::numeric(5,2) AS f, 1.5::double precision::text AS g, '2024-02-29 23:59:59.123456+00'::timestamptz AS h,
  '0001-01-01'::date AS i, '{"a": [1, null, "é"], "b": 1.50}'::jsonb AS j, '2001:db8::1'::inet AS k,
  '8a02d11d-397e-4526-abd7-861702beeecd'::uuid AS l, '1 mon 2 days'::interval::text AS m, NULL::text AS n) r`;
