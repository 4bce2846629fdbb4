import type pg from "pg";
import { identityOf, parentOf } from "../plans/columns.ts";
import { isInWindow, type MappedTable, type Plan } from "../plans/plan.ts";
import { identifier } from "../sql/quote.ts";

/** A column by which landed rows point to others of their system. */
interface Reference {
  readonly column: string;
  /** The target table that it points to, and the column of it. */
  readonly parent: string;
  readonly key: string;
  /** Whether the keys of all systems' rows lie in their systems' windows. */
  readonly windowed: boolean;
}

/** How orphans are counted: rows of `c` that point to a row that is not there, or to another system's. */
export interface OrphanCount {
  readonly column: string;
  /** An orphan, as a condition on `c` and what is joined to it. */
  readonly when: string;
  /** What has to be joined to `c`; empty where nothing has. */
  readonly join: string;
}

/**
 * How the orphans of each reference of a table are counted.
 *
 * @param justLanded whether all rows came in under the foreign keys that there are, or were looked at when these were put
 * back. The row that is pointed to is there then, and its key says whose it is.
 */
export async function orphanCounts(
  client: pg.Client,
  plan: Plan,
  of: { table: MappedTable; justLanded: boolean },
): Promise<OrphanCount[]> {
  const counts: OrphanCount[] = [];
  for (const [index, reference] of referencesOf(plan, of.table).entries()) {
    const { column, parent, key, windowed } = reference;
    const child = `c.${identifier(column)}`;
    if (of.justLanded && windowed && (await hasForeignKey(client, of.table.target, reference))) {
      counts.push({ column, when: `NOT (${isInWindow(plan, child)})`, join: "" });
      continue;
    }
    const alias = `p${index.toString()}`;
    counts.push({
      column,
      when: `${child} IS NOT NULL AND ${alias}.source_system IS DISTINCT FROM c.source_system`,
      join: `LEFT JOIN ${identifier(parent)} ${alias} ON ${alias}.${identifier(key)} = ${child}`,
    });
  }
  return counts;
}

function referencesOf(plan: Plan, table: MappedTable): Reference[] {
  return Object.entries(table.columns).flatMap(([column, value]) => {
    const parent = value.kind === "reference" ? parentOf(plan, value) : undefined;
    const key = parent && identityOf(parent);
    if (parent === undefined || key === undefined) return [];
    return [{ column, parent: parent.target, key: key.name, windowed: key.value.kind !== "copy" }];
  });
}

async function hasForeignKey(client: pg.Client, table: string, reference: Reference): Promise<boolean> {
  const found = await client.query(
    `SELECT FROM pg_constraint o
     JOIN pg_attribute a ON a.attrelid = o.conrelid AND a.attnum = o.conkey[1]
     JOIN pg_attribute k ON k.attrelid = o.confrelid AND k.attnum = o.confkey[1]
     WHERE o.contype = 'f' AND o.convalidated AND cardinality(o.conkey) = 1
       AND o.conrelid = $1::regclass AND a.attname = $2 AND o.confrelid = $3::regclass AND k.attname = $4`,
    [table, reference.column, reference.parent, reference.key],
  );
  return found.rowCount !== 0;
}
