/** How a column of a staging copy becomes a value of a PostgreSQL type. */
export interface Decoding {
  readonly type: string;
  /** The function of the schema `migration` that reads it; absent for text, which is what it is. */
  readonly read?: string;
  /** What the plain spellings match; other spellings count as faults even where they can be read. */
  readonly plain?: string;
  /** Whether whatever is spelled plainly can be read, or up to how many characters of it. */
  readonly sure?: boolean | number;
  /** A condition on a text under which it is spelled plainly and can be read; most are, and it costs less than to look. */
  readonly quick?: (text: string) => string;
}

const digits = (most: number, pattern: string) => (text: string) =>
  `octet_length(${text}) <= ${most.toString()} AND ${text} ~ '${pattern}'`;

const decimal = "^-?[0-9]+(\\.[0-9]+)?$";

const text: Decoding = { type: "text" };
const integer: Decoding = {
  type: "bigint",
  read: "read_bigint",
  plain: "^-?[0-9]{1,19}$",
  sure: 18,
  quick: digits(18, "^-?[0-9]+$"),
};
const numeric: Decoding = {
  type: "numeric",
  read: "read_numeric",
  plain: "^-?[0-9]{1,100}(\\.[0-9]{1,100})?$",
  sure: true,
  quick: digits(100, decimal),
};
const double: Decoding = {
  type: "double precision",
  read: "read_double",
  plain: "^-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?$",
  quick: digits(36, decimal),
};
const boolean: Decoding = {
  type: "boolean",
  read: "read_boolean",
  plain: "^[01]$",
  sure: true,
  quick: (text) => `${text} IN ('0', '1')`,
};
const instant: Decoding = {
  type: "timestamptz",
  read: "read_timestamptz",
  plain: "^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,6})?$",
  quick: (text) => `migration.is_plain_instant(${text})`,
};
const date: Decoding = {
  type: "date",
  read: "read_date",
  plain: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
  quick: (text) => `migration.is_plain_date(${text})`,
};
const interval: Decoding = {
  type: "interval",
  read: "read_interval",
  plain: "^-?[0-9]+:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?$",
};
const json: Decoding = { type: "jsonb", read: "read_jsonb" };
const bytes: Decoding = { type: "bytea", read: "read_bytea", plain: "^([0-9A-Fa-f]{2})*$", sure: true };
const uuid: Decoding = { type: "uuid", read: "read_uuid", plain: "^[0-9a-fA-F-]{36}$" };
const inet: Decoding = { type: "inet", read: "read_inet" };

const decodings: Readonly<Record<string, Decoding>> = {
  tinyint: integer,
  smallint: integer,
  mediumint: integer,
  int: integer,
  integer,
  bigint: integer,
  year: integer,
  "bigint unsigned": numeric,
  decimal: numeric,
  numeric,
  float: double,
  double,
  real: double,
  "double precision": double,
  "tinyint(1)": boolean,
  "bit(1)": boolean,
  boolean,
  bool: boolean,
  datetime: instant,
  timestamp: instant,
  date,
  time: interval,
  json,
  binary: bytes,
  varbinary: bytes,
  tinyblob: bytes,
  blob: bytes,
  mediumblob: bytes,
  longblob: bytes,
  bit: numeric,
  uuid,
  inet4: inet,
  inet6: inet,
};

/** How a column is decoded whose declared type is `declared`: lower case, without lengths, `unsigned` where it is. */
export function decodingOf(declared: string): Decoding {
  return decodings[declared] ?? decodings[declared.replace(/ unsigned$/, "")] ?? text;
}

const nativeTypes = ["text", "bigint", "numeric", "boolean", "date", "timestamptz"] as const;

/** A type in which plain values of a staged column arrive. */
export type PlainType = (typeof nativeTypes)[number];

/** The type in which plain values of a declared type arrive: the type that they are read as, or text that is yet to be read. */
export const plainType = (declared: string): PlainType =>
  nativeTypes.find((type) => type === decodingOf(declared).type) ?? "text";
