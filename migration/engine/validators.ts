import type pg from "pg";
import { knownPassword } from "../plans/passwords.ts";
import { landedColumns } from "../plans/repairs.ts";
import type { MappedTable, Plan } from "../plans/plan.ts";
import { identifier, literal } from "../sql/quote.ts";
import { result, type Result } from "./rules.ts";

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

const passwords = `password !~ '${knownPassword}' AND NOT password_reset_required`;

/**
 * Looks at the content of what landed by itself: values that the service could not show, passwords that nobody could
 * open and nobody would be asked to replace, and what is kept beside the columns. One scan of a table, and no result
 * where there is nothing to look at.
 */
export async function checkValidity(client: pg.Client, plan: Plan, table: MappedTable): Promise<Result[]> {
  const faults = faultsOf(plan, table);
  if (faults.length === 0) return [];
  const counts = faults.map(({ when }, index) => `count(*) FILTER (WHERE ${when}) AS "f${index.toString()}"`);
  const answer = await client.query<Record<string, string>>(
    `SELECT ${counts.join(", ")} FROM ${identifier(table.target)} WHERE source_system = ${literal(plan.system)}
     AND (${table.among ?? "true"})`,
  );
  const bad = faults.flatMap(({ name }, index) => {
    const rows = Number(answer.rows[0]?.[`f${index.toString()}`] ?? 0);
    return rows === 0 ? [] : [`${name} in ${rows.toString()} rows`];
  });
  const found = bad.length === 0 ? "nothing that cannot be shown" : bad.join(", ");
  return [
    result("validity", table.among === undefined ? table.target : `${table.target} from ${table.source}`, {
      expected: "nothing that cannot be shown",
      found,
    }),
  ];
}

function faultsOf(plan: Plan, table: MappedTable): { name: string; when: string }[] {
  const columns = landedColumns(plan, table);
  const byType = validators.flatMap(({ name, types, fault }) =>
    columns
      .filter(({ type }) => types.includes(type))
      .map((column) => ({ name: `${column.name}: ${name}`, when: fault(identifier(column.name)) })),
  );
  const extra = columns.some(({ name }) => name === "legacy_extra")
    ? [{ name: "legacy_extra: an object", when: `jsonb_typeof("legacy_extra") <> 'object'` }]
    : [];
  const password = table.target === "accounts.users" ? [{ name: "password: opened or replaced", when: passwords }] : [];
  return [...byType, ...extra, ...password];
}
