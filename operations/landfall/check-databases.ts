import { Refusal } from "@landfall/migration/engine/outcome";
import { Connection } from "@landfall/migration/sql/connection";
import type { Request } from "./arguments.ts";
import { connectTarget } from "./connect.ts";

// A server's start, to the microsecond, and the database's number in it: the same for every address that leads there.
const identityQuery = `SELECT pg_postmaster_start_time()::text || ' ' || oid::text AS identity
FROM pg_database WHERE datname = current_database()`;

// Ours have the list of schema migrations; what belongs to an extension is nobody's data.
const strangersQuery = `SELECT n.nspname || '.' || c.relname AS name
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND n.nspname NOT LIKE 'pg\\_%' AND to_regclass('public.schema_migrations') IS NULL
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1`;

/**
 * Refuses a target that is the source itself by another name, or that holds tables of somebody else's: a move goes into
 * an empty database or into one that Landfall has made. Throws a Refusal; nothing is written.
 */
export async function checkDatabases(request: Request): Promise<void> {
  const target = await connectTarget(request);
  try {
    if (await isSource(target, request)) {
      throw new Refusal("The target cannot be used", [
        "the target is the source's own database, by another address; the legacy database is only ever read",
      ]);
    }
    const strangers = await target.client.query<{ name: string }>(strangersQuery);
    if (strangers.rows.length > 0) {
      const names = strangers.rows.map(({ name }) => name);
      const more = names.length > 5 ? ` and ${(names.length - 5).toString()} more` : "";
      throw new Refusal("The target cannot be used", [
        `the target is neither empty nor a database of Landfall's: it has ${names.slice(0, 5).join(", ")}${more}`,
      ]);
    }
  } finally {
    await target.close();
  }
}

async function isSource(target: Connection, { source }: Request): Promise<boolean> {
  if (source?.kind !== "postgresql") return false;
  // Whether the source can be opened is for the move itself to say.
  const opened = await Connection.open(source.config).catch(() => undefined);
  if (opened === undefined) return false;
  try {
    const identity = async ({ client }: Connection): Promise<string | undefined> =>
      (await client.query<{ identity: string }>(identityQuery)).rows[0]?.identity;
    return (await identity(opened)) === (await identity(target));
  } finally {
    await opened.close();
  }
}
