import type pg from "pg";
import type { Redis } from "../redis.ts";
import { expectedSchemaVersion, schemaVersion } from "../schema/version.ts";
import type { Check, PerDependency } from "./health.ts";

export interface Dependencies {
  readonly pool: pg.Pool;
  readonly redis: Redis;
  /** Legacy systems that must be verified. */
  readonly migrationSystems: readonly string[];
  /** Checks of what the service has in some environments only. */
  readonly more: { readonly elasticsearch?: Check; readonly storage?: Check };
}

const answerMilliseconds = 2_000;

/** The checks of the service's real dependencies; see Check. */
export function dependencyChecks({ pool, redis, migrationSystems, more }: Dependencies): PerDependency<Check> {
  const expected = expectedSchemaVersion();
  return {
    ...more,
    async database() {
      const result = await pool.query<{ one: number }>("SELECT 1 AS one");
      if (result.rows[0]?.one !== 1) throw new Error("the database did not answer SELECT 1 with 1");
    },
    async redis() {
      const answer = await redis.ask((client) => client.ping(), answerMilliseconds);
      if (answer !== "PONG") throw new Error(`Redis answered PING with "${answer}"`);
    },
    async migration() {
      const version = await schemaVersion(pool);
      if (version !== expected) {
        throw new Error(`the schema is at ${version ?? "nothing"}; this release needs ${expected}`);
      }
      if (migrationSystems.length === 0) return;
      const states = await pool.query<{ system: string; state: string }>(
        "SELECT system, state FROM operations.migration_status WHERE system = ANY($1)",
        [migrationSystems],
      );
      const unverified = migrationSystems
        .map((system) => ({ system, state: states.rows.find((row) => row.system === system)?.state ?? "not begun" }))
        .filter(({ state }) => state !== "verified");
      if (unverified.length > 0) {
        throw new Error(
          `not verified yet: ${unverified.map(({ system, state }) => `${system} is ${state}`).join(", ")}`,
        );
      }
    },
  };
}
