import { isStagedTable, keyOf, oddColumn, rowPlace, sourceType } from "../../plans/columns.ts";
import { demandsOf } from "../../plans/order.ts";
import { windowSize, type FoldedTable, type MappedTable, type Plan } from "../../plans/plan.ts";
import { rejectsOf, repairsOf } from "../../plans/repairs.ts";
import { arrayLiteral, identifier, literal } from "../../sql/quote.ts";
import { sourceRange, type Chunk } from "../../sql/range.ts";
import { fromTables, mappedColumns, withShared } from "./mapping.ts";
import { ofStored, relation, type Place, type Rejected } from "./place.ts";

/** A CHECK or NOT NULL of the target, as an expression over the target's columns that must not be false. */
export interface Constraint {
  readonly name: string;
  readonly expression: string;
}

/** Why a row goes to quarantine; a verdict is the number of its ruling, counted from 1. */
export interface Ruling {
  readonly rule: string;
  readonly reason: string;
}

export interface VerdictOptions {
  readonly rejected: Rejected;
  readonly constraints: readonly Constraint[];
  /** Unique keys (the plan's) that the source does not vouch for itself. */
  readonly unique: readonly (readonly string[])[];
}

interface Condition extends Ruling {
  readonly when: string;
}

/** The rulings of a table and the query that gives each of its rows `(key, verdict, repair_1, …)`; verdict NULL lands. */
export interface Verdict {
  readonly rulings: readonly Ruling[];
  readonly query: string;
}

/**
 * A row gets the first ruling that fits: the window, the plan's rules, its parents, the target's constraints (a net
 * under the plan's rules), and last, among the rows that are left, doubles.
 */
export function verdictOf(place: Place, table: MappedTable | FoldedTable, options: VerdictOptions): Verdict {
  const { plan } = place;
  const parents = parentJoins(place, table, options.rejected);
  const own = [...ownConditions(plan, table), ...parents.conditions];
  const net = table.disposition === "mapped" ? options.constraints.map(netCondition) : [];
  const unique = table.disposition === "mapped" ? options.unique : [];
  const doubles = unique.map((columns) => ({
    rule: "duplicate",
    reason: `another row has the same ${columns.join(" and ")}; the one with the lowest key stays`,
  }));
  const rulings = [...own, ...net, ...doubles].map(({ rule, reason }) => ({ rule, reason }));
  const repairs = table.disposition === "mapped" ? repairsOf(plan, table) : [];
  const shared = (sql: string): string => (table.disposition === "mapped" ? withShared(table, sql) : sql);
  const flags = repairs.map(({ when }, index) => `(${shared(when)}) IS TRUE AS "repair_${(index + 1).toString()}"`);
  const mapped = table.disposition === "mapped" ? mappedColumns(place, table) : [];
  const from =
    table.disposition === "mapped" ? fromTables(place, table, options.rejected) : `${relation(place, table.source)} t`;
  const inner = `SELECT t.${identifier(keyOf(table))} AS "~key", ${shared(caseOf(own, 1))} AS "~verdict"${list([...flags, ...mapped])}
FROM ${[from, ...parents.joins].join("\n")}`;
  const names = repairs.map((_, index) => `m."repair_${(index + 1).toString()}"`);
  const verdict = net.length === 0 ? `m."~verdict"` : `coalesce(m."~verdict", ${caseOf(net, own.length + 1)})`;
  const numbers = unique.map((columns, index) =>
    rowNumber(columns, { verdict, name: `number_${(index + 1).toString()}` }),
  );
  const middle = `SELECT m."~key" AS key, ${verdict} AS verdict${list([...names, ...numbers])}
FROM (${inner}) m`;
  if (unique.length === 0) return { rulings, query: middle };
  const first = own.length + net.length + 1;
  const cases = unique.map(
    (_, index) => `WHEN number_${(index + 1).toString()} > 1 THEN ${(first + index).toString()}`,
  );
  const outer = names.map((name) => name.replace("m.", "n."));
  return {
    rulings,
    query: `SELECT n.key, coalesce(n.verdict, CASE ${cases.join(" ")} END) AS verdict${list(outer)}
FROM (${middle}) n`,
  };
}

const list = (parts: readonly string[]): string => parts.map((part) => `,\n  ${part}`).join("");

const caseOf = (conditions: readonly Condition[], first: number): string =>
  conditions.length === 0
    ? "NULL::integer"
    : `CASE ${conditions.map(({ when }, index) => `WHEN ${when} THEN ${(first + index).toString()}`).join("\n  ")} END`;

function ownConditions(plan: Plan, table: MappedTable | FoldedTable): Condition[] {
  const ids = table.disposition === "mapped" ? Object.values(table.columns).filter((value) => value.kind === "id") : [];
  const outside = ids.map(({ column }) => ({
    rule: "id-out-of-window",
    reason: `${column} is below 0 or not below 2^40, and has no place in the system's window of identifiers`,
    when: `t.${identifier(column)} < 0 OR t.${identifier(column)} >= ${windowSize.toString()}`,
  }));
  return [...outside, ...rejectsOf(plan, table).map(({ name, when, reason }) => ({ rule: name, reason, when }))];
}

function parentJoins(
  place: Place,
  table: MappedTable | FoldedTable,
  rejected: Rejected,
): { joins: string[]; conditions: Condition[] } {
  const joins: string[] = [];
  const conditions: Condition[] = [];
  demandsOf(table).forEach(({ column, to }, index) => {
    const parent = place.plan.tables.find(({ source }) => source === to);
    if (parent === undefined || parent.disposition === "dropped")
      throw new Error(`${table.source}.${column} refers to ${to}.`);
    const alias = `parent_${(index + 1).toString()}`;
    const held = rejected.get(to);
    joins.push(
      `LEFT JOIN ${relation(place, to)} ${alias} ON ${alias}.${identifier(keyOf(parent))} = t.${identifier(column)}`,
    );
    conditions.push({
      rule: "parent-missing",
      reason: `${column} points to a row of ${to} that does not exist`,
      when: `t.${identifier(column)} IS NOT NULL AND ${alias}.${identifier(keyOf(parent))} IS NULL`,
    });
    if (held === undefined) return;
    joins.push(`LEFT JOIN (${held}) held_${alias} ON held_${alias}.key = t.${identifier(column)}`);
    conditions.push({
      rule: "parent-quarantined",
      reason: `${column} points to a row of ${to} that is in quarantine itself`,
      when: `held_${alias}.key IS NOT NULL`,
    });
  });
  return { joins, conditions };
}

const netCondition = ({ name, expression }: Constraint): Condition => ({
  rule: `constraint:${name}`,
  reason: `the row does not satisfy ${name} of the new schema: ${expression}`,
  when: `(${expression}) IS FALSE`,
});

// Lazy behind the verdict: the mapping of a row that is held back anyway may not even be computable.
function rowNumber(columns: readonly string[], as: { verdict: string; name: string }): string {
  const values = columns.map((column) => `CASE WHEN ${as.verdict} IS NULL THEN m.${identifier(column)} END`);
  const present = values.map((value) => `(${value}) IS NOT NULL`).join(" AND ");
  return `CASE WHEN ${present} THEN row_number() OVER (PARTITION BY ${values.join(", ")} ORDER BY m."~key") END AS ${as.name}`;
}

/**
 * How often each verdict is given, and how many of the landing rows each repair touches. OFFSET 0 keeps a repair's
 * condition, which is counted twice, from being worked out twice.
 */
export function profileQuery(verdict: Verdict, repairs: number): string {
  const numbers = Array.from({ length: repairs }, (_, index) => `v."repair_${(index + 1).toString()}"`);
  const counts = numbers.map((name, index) => `count(*) FILTER (WHERE ${name}) AS "repair_${(index + 1).toString()}"`);
  const any = numbers.length === 0 ? "0" : `count(*) FILTER (WHERE ${numbers.join(" OR ")})`;
  return `SELECT v.verdict, count(*) AS rows, ${any} AS repaired${list(counts)}
FROM (${verdict.query} OFFSET 0) v GROUP BY v.verdict`;
}

/** The rows that go to quarantine, worked out anew: `(key, verdict)`. */
export const rejectedQuery = (verdict: Verdict): string =>
  `SELECT v.key, v.verdict FROM (${verdict.query}) v WHERE v.verdict IS NOT NULL`;

/** The same rows as a list, which costs the source nothing. */
export function rejectedList(
  plan: Plan,
  table: MappedTable | FoldedTable,
  rows: readonly { key: string; verdict: number }[],
): string {
  const keys = arrayLiteral(
    rows.map(({ key }) => key),
    sourceType(plan, table.source, keyOf(table)),
  );
  const verdicts = `'{${rows.map(({ verdict }) => verdict.toString()).join(",")}}'::integer[]`;
  return `SELECT l.key, l.verdict FROM unnest(${keys}, ${verdicts}) AS l (key, verdict)`;
}

/** The rejected rows of a chunk as rows of `operations.quarantine`: whole, as they were stored, with rule and reason. */
export function quarantineSelect(
  place: Place,
  table: MappedTable | FoldedTable,
  of: { chunk: Chunk; runId: string; rejected: string; rulings: readonly Ruling[] },
): string {
  const { plan } = place;
  const pick = (field: keyof Ruling): string =>
    `CASE x.verdict ${of.rulings.map((ruling, index) => `WHEN ${(index + 1).toString()} THEN ${literal(ruling[field])}`).join(" ")} END`;
  const range = table.disposition === "mapped" ? sourceRange(table.range, of.chunk) : "true";
  const key = `t.${identifier(keyOf(table))}`;
  const name = sourceType(plan, table.source, keyOf(table)) === "text" ? shortened(key) : `${key}::text`;
  return `SELECT ${literal(plan.system)}::text, ${of.runId}::bigint, ${literal(table.source)}::text,
  ${name}, ${pick("rule")}, ${pick("reason")}, ${storedRow(place, table)}
FROM ${relation(place, table.source)} t JOIN (${of.rejected}) x ON x.key = ${key}
WHERE ${range}`;
}

// No index holds a longer one; the row beside it has it whole.
const shortened = (key: string): string =>
  `CASE WHEN octet_length(${key}) > 1000 THEN left(${key}, 200) || '… ' || md5(${key}) ELSE ${key} END`;

/** A row as JSON. A `json` goes as text: what it holds, a jsonb may be unable to. */
function storedRow(place: Place, table: MappedTable | FoldedTable): string {
  const { plan } = place;
  if (isStagedTable(plan, table)) {
    const machinery = [oddColumn, ...Object.values(rowPlace)].map(literal).join(", ");
    const odd = `r.${identifier(oddColumn)}`;
    return ofStored(
      place,
      table.source,
      `to_jsonb(r) - ARRAY[${machinery}]
    || CASE WHEN ${odd} IS NULL THEN '{}' ELSE jsonb_build_object('~bytes', ${odd}::jsonb) END`,
    );
  }
  const texts = Object.entries(plan.shape[table.source] ?? {}).flatMap(([column, type]) =>
    type === "json" ? [`${literal(column)}, t.${identifier(column)}::text`] : [],
  );
  if (texts.length === 0) return "to_jsonb(t)";
  const others = Object.entries(plan.shape[table.source] ?? {}).flatMap(([column, type]) =>
    type === "json" ? [] : [`${literal(column)}, t.${identifier(column)}`],
  );
  return `jsonb_build_object(${[...others, ...texts].join(", ")})`;
}
