import type pg from "pg";
import { identityOf, parentOf } from "../plans/columns.ts";
import { mappedTables, windowSize, type Plan } from "../plans/plan.ts";
import type { Profile, SourceReader } from "../sources/source.ts";
import { identifier } from "../sql/quote.ts";
import { findStrays } from "../target/strays.ts";

/** One thing that was checked. */
export interface Result {
  readonly name: string;
  readonly subject: string;
  readonly passed: boolean;
  readonly expected: string;
  readonly found: string;
  readonly detail?: unknown;
}

export const result = (
  name: string,
  subject: string,
  of: { expected: string; found: string; detail?: unknown },
): Result => ({
  name,
  subject,
  passed: of.expected === of.found,
  ...of,
});

async function number(client: pg.Client, query: string, values: unknown[] = []): Promise<number> {
  const answer = await client.query<{ number: string | null }>(query, values);
  return Number(answer.rows[0]?.number ?? 0);
}

/** Every row of every carried legacy table is in the target or in quarantine. */
export async function checkAccounts(
  client: pg.Client,
  plan: Plan,
  profiles: ReadonlyMap<string, Profile>,
): Promise<{ results: Result[]; landed: Map<string, number> }> {
  const results: Result[] = [];
  const landed = new Map<string, number>();
  for (const table of plan.tables) {
    const profile = profiles.get(table.source);
    if (table.disposition === "dropped" || profile === undefined) continue;
    const held = await number(
      client,
      "SELECT count(*) AS number FROM operations.quarantine WHERE system = $1 AND source_table = $2",
      [plan.system, table.source],
    );
    const place = table.disposition === "mapped" ? { target: table.target, where: table.among ?? "true" } : table.into;
    const here =
      place === undefined
        ? profile.rows - profile.rejected
        : await number(
            client,
            `SELECT count(*) AS number FROM ${identifier(place.target)} WHERE source_system = $1 AND (${place.where})`,
            [plan.system],
          );
    landed.set(table.source, here);
    results.push(
      result("accounted", table.source, {
        expected: `${profile.rows.toString()} rows`,
        found: `${(here + held).toString()} rows`,
        detail: { landed: here, quarantined: held },
      }),
    );
  }
  return { results, landed };
}

/** No row of the system points to a row that is not there, or to another system's. */
export async function checkReferences(client: pg.Client, plan: Plan): Promise<Result[]> {
  const results: Result[] = [];
  for (const table of mappedTables(plan)) {
    for (const [column, value] of Object.entries(table.columns)) {
      if (value.kind !== "reference") continue;
      const parent = parentOf(plan, value);
      const key = identityOf(parent)?.name;
      if (key === undefined) continue;
      const orphans = await number(
        client,
        `SELECT count(*) AS number FROM ${identifier(table.target)} c
         LEFT JOIN ${identifier(parent.target)} p ON p.${identifier(key)} = c.${identifier(column)} AND p.source_system = c.source_system
         WHERE c.source_system = $1 AND c.${identifier(column)} IS NOT NULL AND p.${identifier(key)} IS NULL`,
        [plan.system],
      );
      results.push(
        result(
          "references",
          table.among === undefined ? `${table.target}.${column}` : `${table.target}.${column} from ${table.source}`,
          {
            expected: "0 orphans",
            found: `${orphans.toString()} orphans`,
          },
        ),
      );
    }
  }
  return results;
}

const targetsOf = (plan: Plan): Set<string> => new Set(mappedTables(plan).map(({ target }) => target));

/** A legacy row has landed once. */
export async function checkIdentity(client: pg.Client, plan: Plan): Promise<Result[]> {
  const results: Result[] = [];
  for (const target of targetsOf(plan)) {
    const doubles = await number(
      client,
      `SELECT count(*) - count(DISTINCT legacy_id) AS number FROM ${identifier(target)} WHERE source_system = $1`,
      [plan.system],
    );
    results.push(result("identity", target, { expected: "0 doubles", found: `${doubles.toString()} doubles` }));
  }
  return results;
}

/** Ids that are handed out here stay in their own window, and ahead of those that were. */
export async function checkSequences(client: pg.Client, plan: Plan): Promise<Result[]> {
  const results: Result[] = [];
  for (const target of targetsOf(plan)) {
    const sequences = await client.query<{ column: string; sequence: string }>(
      `SELECT a.attname AS column, pg_get_serial_sequence($1, a.attname) AS sequence FROM pg_attribute a
       WHERE a.attrelid = $1::regclass AND a.attidentity <> '' AND NOT a.attisdropped`,
      [target],
    );
    for (const { column, sequence } of sequences.rows) {
      const last = await number(
        client,
        `SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END AS number FROM ${sequence}`,
      );
      const highest = await number(
        client,
        `SELECT max(${identifier(column)}) AS number FROM ${identifier(target)} WHERE ${identifier(column)} < ${windowSize.toString()}`,
      );
      const passed = last >= highest && last < windowSize;
      results.push({
        name: "sequence",
        subject: target,
        passed,
        expected: `at least ${highest.toString()} and below 2^40`,
        found: last.toString(),
      });
    }
  }
  return results;
}

/** Groups have as many members here as there. */
export async function checkTallies(client: pg.Client, plan: Plan, reader: SourceReader): Promise<Result[]> {
  const text = (counts: ReadonlyMap<string, string>): string =>
    [...counts]
      .map(([name, rows]) => `${name} ${rows}`)
      .sort()
      .join(", ");
  const results: Result[] = [];
  for (const { name, target, targetGroup } of plan.tallies) {
    const counted = await client.query<{ name: string; rows: string }>(
      `SELECT ${targetGroup} AS name, count(*) AS rows FROM ${identifier(target)} WHERE source_system = $1 GROUP BY 1`,
      [plan.system],
    );
    const found = new Map(counted.rows.map((row) => [row.name, row.rows]));
    results.push(result(name, target, { expected: text(await reader.tally(name)), found: text(found) }));
  }
  return results;
}

/** The system has rows nowhere but where its plan lands them. */
export async function checkStrays(client: pg.Client, plan: Plan): Promise<Result> {
  const strays = await findStrays(client, plan);
  const rows = [...strays.values()].reduce((sum, count) => sum + count, 0);
  return result("strays", plan.system, {
    expected: "0 rows",
    found: `${rows.toString()} rows`,
    ...(rows === 0 ? {} : { detail: { tables: Object.fromEntries(strays) } }),
  });
}

/** The roles that open this platform's own doors are not given by a move. */
export async function checkPlatformRoles(client: pg.Client, plan: Plan): Promise<Result> {
  const given = await number(
    client,
    `SELECT count(*) AS number FROM accounts.user_roles m JOIN accounts.users u ON u.id = m.user_id JOIN accounts.roles r ON r.id = m.role_id
     WHERE u.source_system = $1 AND r.source_system IS NULL`,
    [plan.system],
  );
  return result("platform-roles", plan.system, { expected: "0 given", found: `${given.toString()} given` });
}
