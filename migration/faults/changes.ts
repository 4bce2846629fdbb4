/** One way in which a stored value can go wrong, as SQL over the column that it is done to, written `{}`. */
export interface Change {
  readonly name: string;
  /** Types of columns, as the plan has them, to which it can be done; `reference` for any that points to another row. */
  readonly types: readonly string[];
  /** Which values it can be done to. */
  readonly where: string;
  readonly to: string;
}

const present = "{} IS NOT NULL";

/** Every change, the subtle ones first. */
export const changes: readonly Change[] = [
  {
    name: "one character",
    types: ["text"],
    where: "length({}) >= 6",
    to: "overlay({} placing CASE WHEN substr({}, 4, 1) = '#' THEN '%' ELSE '#' END from 4 for 1)",
  },
  { name: "a trailing space", types: ["text"], where: "{} <> ''", to: "{} || ' '" },
  { name: "another case", types: ["text"], where: "upper({}) <> {}", to: "upper({})" },
  { name: "an empty text for a missing one", types: ["text"], where: "{} IS NULL", to: "''" },
  { name: "a missing value for an empty text", types: ["text"], where: "{} = ''", to: "NULL" },
  {
    name: "a lost value",
    types: ["bigint", "timestamptz", "numeric", "jsonb", "date", "boolean", "inet"],
    where: present,
    to: "NULL",
  },
  { name: "a cent", types: ["numeric"], where: present, to: "{} - 0.01" },
  { name: "the least digit", types: ["numeric"], where: present, to: "{} + 0.00000001" },
  { name: "one more", types: ["bigint", "integer", "smallint"], where: present, to: "{} + 1" },
  { name: "a small part", types: ["double precision", "real"], where: present, to: "{} + 0.001" },
  { name: "a flipped boolean", types: ["boolean"], where: present, to: "NOT {}" },
  { name: "a wrong time zone", types: ["timestamptz"], where: present, to: "{} + interval '1 hour'" },
  { name: "a microsecond", types: ["timestamptz"], where: present, to: "{} + interval '1 microsecond'" },
  { name: "the next day", types: ["date"], where: present, to: "{} + 1" },
  { name: "another day in months", types: ["interval"], where: present, to: "{} + interval '1 microsecond'" },
  { name: "a changed JSON value", types: ["jsonb"], where: present, to: "jsonb_build_array({})" },
  { name: "JSON's null for a missing value", types: ["jsonb"], where: "{} IS NULL", to: "'null'" },
  { name: "the next address", types: ["inet"], where: present, to: "{} + 1" },
  { name: "one item more", types: ["text[]"], where: present, to: "{} || ARRAY['planted']" },
  { name: "another parent", types: ["reference"], where: present, to: "{other}" },
];
