import type pg from "pg";
import { placeOf } from "../plans/columns.ts";
import type { MappedTable, Plan } from "../plans/plan.ts";
import { identifier, literal } from "../sql/quote.ts";
import { orphanCounts } from "./references.ts";
import { result, type Result } from "./rules.ts";
import { faultsOf } from "./validators.ts";

/**
 * Looks at the rows that landed of a table by themselves, in one scan: no row points to one that is not there, or to
 * another system's, and no value is of a kind that could not be shown.
 *
 * @param of.justLanded whether the foreign keys that there are hold for all rows
 * @returns a result a reference, and one for the values; none where there is nothing to look at
 */
export async function checkLandedRows(
  client: pg.Client,
  plan: Plan,
  of: { table: MappedTable; justLanded: boolean },
): Promise<Result[]> {
  const { table } = of;
  const orphans = await orphanCounts(client, plan, of);
  const faults = faultsOf(plan, table);
  const conditions = [...orphans, ...faults].map(({ when }) => when);
  if (conditions.length === 0) return [];
  const counts = conditions.map((when, index) => `count(*) FILTER (WHERE ${when}) AS "n${index.toString()}"`);
  const rows = `SELECT * FROM ${identifier(table.target)} WHERE source_system = ${literal(plan.system)} AND (${table.among ?? "true"})`;
  const answer = await client.query<Record<string, string>>(
    `SELECT ${counts.join(", ")} FROM (${rows}) c ${orphans.map(({ join }) => join).join(" ")}`,
  );
  const countOf = (index: number): number => Number(answer.rows[0]?.[`n${index.toString()}`] ?? 0);
  const references = orphans.map(({ column }, index) =>
    result(
      "references",
      table.among === undefined ? `${table.target}.${column}` : `${table.target}.${column} from ${table.source}`,
      {
        expected: "0 orphans",
        found: `${countOf(index).toString()} orphans`,
      },
    ),
  );
  if (faults.length === 0) return references;
  const bad = faults.flatMap(({ name }, index) => {
    const found = countOf(orphans.length + index);
    return found === 0 ? [] : [`${name} in ${found.toString()} rows`];
  });
  const expected = "nothing that cannot be shown";
  const found = bad.length === 0 ? expected : bad.join(", ");
  return [...references, result("validity", placeOf(table), { expected, found })];
}
