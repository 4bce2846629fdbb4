import { computed, type Value } from "../plan.ts";

/** A `timestamp without time zone`, which the legacy system means in UTC. */
export const inUtc = (column: string): Value =>
  computed({ from: [column], sql: `t.${column} AT TIME ZONE 'UTC'`, type: "timestamptz" });

/** The way back of the same: what was there before a repair, or what the target column says. */
export const fromUtc = (column: string, target: string): string =>
  `CASE WHEN legacy_extra ? '${column}' THEN (legacy_extra ->> '${column}')::timestamp
        ELSE ${target} AT TIME ZONE 'UTC' END`;
