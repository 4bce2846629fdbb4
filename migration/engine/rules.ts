import type pg from "pg";
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

/**
 * Every row of every carried legacy table is in the target or in quarantine.
 *
 * @param of.counted rows in the target, of those legacy tables whose rows have been counted there already
 */
export async function checkAccounts(
  client: pg.Client,
  plan: Plan,
  of: { profiles: ReadonlyMap<string, Profile>; counted: ReadonlyMap<string, number> },
): Promise<{ results: Result[]; landed: Map<string, number> }> {
  const results: Result[] = [];
  const landed = new Map<string, number>();
  for (const table of plan.tables) {
    const profile = of.profiles.get(table.source);
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
        : (of.counted.get(table.source) ??
          (await number(
            client,
            `SELECT count(*) AS number FROM ${identifier(place.target)} WHERE source_system = $1 AND (${place.where})`,
            [plan.system],
          )));
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

const uniqueKey = `SELECT FROM pg_index i WHERE i.indrelid = $1::regclass AND i.indisunique AND i.indisvalid AND i.indimmediate
  AND i.indpred IS NULL AND i.indexprs IS NULL AND i.indnkeyatts = 2
  AND 2 = (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = i.indrelid
           AND a.attnum IN (i.indkey[0], i.indkey[1]) AND a.attname IN ('source_system', 'legacy_id'))`;

/** A legacy row has landed once. Where the key over it stands it cannot be otherwise; where not, the rows are counted. */
export async function checkIdentity(client: pg.Client, plan: Plan, target: string): Promise<Result> {
  const key = await client.query(uniqueKey, [target]);
  const doubles =
    key.rowCount !== 0
      ? 0
      : await number(
          client,
          `SELECT count(*) - count(DISTINCT legacy_id) AS number FROM ${identifier(target)} WHERE source_system = $1`,
          [plan.system],
        );
  return result("identity", target, { expected: "0 doubles", found: `${doubles.toString()} doubles` });
}

/** Ids that are handed out here stay in their own window, and ahead of those that were. */
export async function checkSequences(client: pg.Client, plan: Plan): Promise<Result[]> {
  const results: Result[] = [];
  for (const target of new Set(mappedTables(plan).map((table) => table.target))) {
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

/**
 * The system has rows nowhere but where its plan lands them.
 *
 * @param of.justLanded whether only rows are looked for that a move can have brought
 */
export async function checkStrays(client: pg.Client, plan: Plan, of: { justLanded: boolean }): Promise<Result> {
  const strays = await findStrays(client, plan, { broughtOnly: of.justLanded });
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
