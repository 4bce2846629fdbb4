import type pg from "pg";
import { carriedTables, type Plan } from "../plans/plan.ts";
import type { Profile } from "../sources/source.ts";
import type { Tier } from "../sql/fingerprint.ts";
import { targetFingerprints } from "../target/fingerprints.ts";
import { locate, sameSums } from "./compare.ts";
import { result, type Result } from "./rules.ts";
import type { Worker } from "./workers.ts";

/**
 * Compares what is in quarantine with the rows that should be: each whole, with its rule and its reason. One result a
 * legacy table that has such rows on either side, with the rows in which they differ.
 */
export async function checkQuarantine(of: {
  readonly plan: Plan;
  readonly control: pg.Client;
  readonly worker: Worker;
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly tier: Tier;
}): Promise<Result[]> {
  const { plan, control, worker, profiles, tier } = of;
  const held = await control.query<{ source: string }>(
    "SELECT DISTINCT source_table AS source FROM operations.quarantine WHERE system = $1",
    [plan.system],
  );
  const here = new Set(held.rows.map(({ source }) => source));
  const results: Result[] = [];
  for (const { source } of carriedTables(plan)) {
    if (!here.has(source) && (profiles.get(source)?.rejected ?? 0) === 0) continue;
    const subject = { quarantineOf: source };
    const sides = { plan, source: worker.reader.fingerprints, target: targetFingerprints(worker.target, plan) };
    const [expected, found] = [await sides.source.sums(subject, tier), await sides.target.sums(subject, tier)];
    const located = sameSums(expected, found) ? undefined : await locate(sides, subject, tier);
    results.push(
      result("quarantine", source, {
        expected: `${expected.rows} rows, sums ${expected.first} ${expected.second}`,
        found: `${found.rows} rows, sums ${found.first} ${found.second}`,
        ...(located === undefined ? {} : { detail: located }),
      }),
    );
  }
  return results;
}
