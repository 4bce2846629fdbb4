import type pg from "pg";
import { Refusal } from "../engine/outcome.ts";

/** What of a database says whether a system can land in it. */
export interface TargetFacts {
  /** As `server_version_num` has it. */
  readonly version: number;
  readonly encoding: string;
  readonly readOnly: boolean;
  /** Whether our own schemas are there already. */
  readonly landed: boolean;
  /** Whether the role may make schemas in the database, and tables in its schema `public`. */
  readonly mayMakeSchemas: boolean;
  readonly mayUsePublic: boolean;
  /** Whether the extension `unaccent` is there, or can be had. */
  readonly unaccent: boolean;
}

const factsQuery = `SELECT current_setting('server_version_num')::integer AS version, current_setting('server_encoding') AS encoding,
  pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' AS "readOnly",
  to_regclass('public.schema_migrations') IS NOT NULL AS landed,
  has_database_privilege(current_database(), 'CREATE') AS "mayMakeSchemas",
  EXISTS (SELECT FROM pg_namespace WHERE nspname = 'public' AND has_schema_privilege(oid, 'CREATE')) AS "mayUsePublic",
  EXISTS (SELECT FROM pg_available_extensions WHERE name = 'unaccent') AS unaccent`;

const oldest = 15;

/**
 * Everything that keeps a database from being the target; empty where nothing does.
 *
 * @param stages whether rows are to pass through a staging copy, which has a schema of its own
 */
export function unfitness(facts: TargetFacts, stages: boolean): string[] {
  const faults: string[] = [];
  if (facts.version < oldest * 10_000)
    faults.push(
      `its PostgreSQL is ${Math.floor(facts.version / 10_000).toString()}; ${oldest.toString()} is the oldest that will do`,
    );
  if (facts.encoding !== "UTF8") faults.push(`its encoding is ${facts.encoding}; only UTF8 holds every text`);
  if (facts.readOnly) faults.push("it can only be read: it is a standby, or default_transaction_read_only is on");
  if (!facts.mayMakeSchemas && (stages || !facts.landed))
    faults.push("the role may not make schemas in it; GRANT CREATE ON DATABASE gives it the right");
  if (!facts.mayUsePublic && !facts.landed)
    faults.push("the role may not make tables in its schema public; GRANT CREATE ON SCHEMA public gives it the right");
  if (!facts.landed && !facts.unaccent)
    faults.push("its server has no extension unaccent, which postgresql-contrib brings");
  return faults;
}

/** Throws a Refusal with everything that keeps a database from being the target. Writes nothing. */
export async function refuseUnfit(client: pg.Client, stages: boolean): Promise<void> {
  const [facts] = (await client.query<TargetFacts>(factsQuery)).rows;
  const faults = facts === undefined ? [] : unfitness(facts, stages);
  if (faults.length > 0) throw new Refusal("The target cannot be used", faults);
}
