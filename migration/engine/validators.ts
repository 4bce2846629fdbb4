import { isKnownPassword } from "../plans/passwords.ts";
import { landedColumns } from "../plans/repairs.ts";
import type { MappedTable, Plan } from "../plans/plan.ts";
import { identifier } from "../sql/quote.ts";

/** Something that no value of a type may be here, whatever the legacy system held. */
interface Validator {
  readonly name: string;
  readonly types: readonly string[];
  readonly fault: (column: string) => string;
}

const validators: readonly Validator[] = [
  {
    // JavaScript's and Python's calendars know no more.
    name: "instants-of-the-calendar",
    types: ["timestamptz", "date"],
    fault: (column) => `NOT (${column} >= '0001-01-01' AND ${column} < '10000-01-01')`,
  },
  {
    name: "durations-finite",
    types: ["interval"],
    // Before PostgreSQL 17 every interval is.
    fault: (column) => `NOT isfinite(${column})`,
  },
  { name: "numbers", types: ["numeric"], fault: (column) => `${column} = 'NaN'` },
];

/** Something that a column may not hold, as a condition on `c`. */
export interface Fault {
  readonly name: string;
  readonly when: string;
}

/**
 * What may not be in what landed of a table, looked at by itself: values that the service could not show, passwords that
 * nobody could open and nobody would be asked to replace, and what is kept beside the columns.
 */
export function faultsOf(plan: Plan, table: MappedTable): Fault[] {
  const columns = landedColumns(plan, table);
  const byType = validators.flatMap(({ name, types, fault }) =>
    columns
      .filter(({ type }) => types.includes(type))
      .map((column) => ({ name: `${column.name}: ${name}`, when: fault(`c.${identifier(column.name)}`) })),
  );
  const extra = columns.some(({ name }) => name === "legacy_extra")
    ? [{ name: "legacy_extra: an object", when: `jsonb_typeof(c."legacy_extra") <> 'object'` }]
    : [];
  const password =
    table.target === "accounts.users"
      ? [
          {
            name: "password: opened or replaced",
            when: `NOT c.password_reset_required AND NOT ${isKnownPassword("c.password")}`,
          },
        ]
      : [];
  return [...byType, ...extra, ...password];
}
