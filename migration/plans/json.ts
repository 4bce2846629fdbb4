import type { Repair } from "./plan.ts";

/*
 * PostgreSQL keeps a json as the text that it was given, and a jsonb as values. Not every text has values that a jsonb
 * can hold, and one that has none fails the whole query that casts it. So a cast is made only of what surely has some.
 */

/** Levels of arrays and objects in each other; a parser's stack ends somewhere beyond. */
const deepest = 1000;
/** Bytes of text. The parts of a jsonb may have 256 MB, and take up to eight times their text. */
const longest = 32 * 1024 * 1024;
/** Digits of a number in a row, and powers of ten: a numeric holds more of either, and of both at once. */
const mostDigits = 5000;
const largestExponent = 9999;

/** A pattern of what may be no value of a jsonb however short the text is; also of what only looks so, as within a string. */
const suspicious = String.raw`'\\u(0000|[dD][89a-fA-F])|[eE][+-]?[0-9][0-9][0-9][0-9]'`;
/** The same of what is long. */
const suspiciousDigits = "repeat('[0-9]', 250)";

const surrogate = (half: string): string => String.raw`\\u[dD][${half}][0-9a-fA-F][0-9a-fA-F]`;

/** SQL that is true where the json `column` of the driving table cannot become a jsonb; false for NULL. */
export function unstorable(column: string): string {
  const text = `t.${column}::text`;
  const opening = (of: string): string => `octet_length(${of}) - octet_length(translate(${of}, '[{', ''))`;
  return `CASE WHEN ${text} IS NULL THEN false
    WHEN octet_length(${text}) > ${longest.toString()} THEN true
    WHEN ${text} !~ ${suspicious} AND ${isEncodable(text)} AND (octet_length(${text}) <= ${deepest.toString()}
      OR (${opening(text)} <= ${deepest.toString()} AND ${text} !~ ${suspiciousDigits})) THEN false
    ELSE (SELECT NOT ${isEncodable("b.single")}
        OR b.single ~ '${String.raw`\\u0000|${surrogate("89a-fA-F")}`}'
        OR b.bare ~ '[eE][+-]?0*[1-9]${"[0-9]".repeat(largestExponent.toString().length)}'
        OR EXISTS (SELECT FROM regexp_split_to_table(b.bare, '[^0-9]+') AS run WHERE length(run) > ${mostDigits.toString()})
        OR (${opening("b.bare")} > ${deepest.toString()} AND ${depth("b.bare")} > ${deepest.toString()})
      FROM (SELECT replace(${text}, ${backslashes}, ' ') AS plain) a
      CROSS JOIN LATERAL (SELECT
        regexp_replace(a.plain, '${surrogate("89abAB")}${surrogate("c-fC-F")}', ' ', 'g') AS single,
        regexp_replace(replace(a.plain, '\\"', ' '), '"[^"]*"', '""', 'g') AS bare) b) END`;
}

// An escaped backslash, which would hide that what follows it is no escape.
const backslashes = String.raw`'\\'`;

// Where the server's encoding is another one, an escape may stand for a character that it lacks.
const isEncodable = (text: string): string => String.raw`(getdatabaseencoding() = 'UTF8' OR ${text} !~ '\\u')`;

const depth = (bare: string): string => `(SELECT max(l.level) FROM (
  SELECT sum(CASE WHEN c.mark IN ('[', '{') THEN 1 ELSE -1 END) OVER (ORDER BY c.number) AS level
  FROM unnest(string_to_array(regexp_replace(${bare}, '[^][{}]', '', 'g'), NULL)) WITH ORDINALITY AS c (mark, number)) l)`;

/** SQL that is true where an object of the json `column` has a key twice, of which a jsonb keeps the last. */
function hasDoubledKeys(column: string): string {
  const [text, values] = [`t.${column}::text`, `t.${column}::jsonb::text`];
  const colons = (of: string): string => `cardinality(string_to_array(${of}, ':'))`;
  const bare = (of: string): string =>
    `regexp_replace(replace(replace(${of}, ${backslashes}, ' '), '\\"', ' '), '"[^"]*"', '', 'g')`;
  // A pair that goes takes its colon along. None comes, but from an escape within a text.
  return `CASE WHEN ${unstorable(column)} THEN false
    WHEN strpos(${text}, '\\u003') = 0 THEN ${colons(text)} > ${colons(values)}
    ELSE ${colons(bare(text))} > ${colons(bare(values))} END`;
}

/** What becomes of a json that a jsonb cannot hold, or not wholly; its text is kept in either case. */
export const jsonRepairs = (column: string, target: string): Repair[] => [
  {
    name: `${column}-unstorable`,
    column: target,
    when: unstorable(column),
    then: "NULL",
    reason: `${column} has the character NUL, half a surrogate pair, a number, depth or size that a jsonb cannot hold, or (in a database that is not UTF-8) an escape that its encoding may lack, and is left empty`,
  },
  {
    name: `${column}-keys-doubled`,
    column: target,
    when: hasDoubledKeys(column),
    reason: `an object of ${column} has a key twice; the last one counts`,
  },
];
