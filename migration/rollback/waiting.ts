import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { appliedMigrations, appliedTable } from "@landfall/app/schema/version";
import type pg from "pg";
import { z } from "zod";
import { contentDifferences, tableContents } from "./content.ts";
import { companionFault, listRollbackPoints, tableContent, writeWhole, type Manifest } from "./manifest.ts";
import { ownSchemas } from "./own-schemas.ts";

const standing = z.object({
  /** Where the target is: host, port and database. */
  place: z.string(),
  /** Whether nothing of ours was there when the point was taken. */
  empty: z.boolean(),
  migrations: z.array(z.string()),
  tables: z.array(tableContent),
});

/** The target as a move leaves it that has not begun to copy: what is there besides the move's own records. */
type Standing = z.infer<typeof standing>;

const fileOf = (directory: string, name: string): string => join(directory, `${name}.waiting`);

/**
 * Notes that a rollback point waits for the first row of its move, and how the target stands meanwhile. A later try finds
 * it by that.
 */
export async function noteWaiting(
  target: pg.ClientConfig,
  directory: string,
  { name, empty, migrations, tables }: Manifest,
): Promise<void> {
  await write(directory, name, { place: placeOf(target), empty, migrations, tables: tables.filter(isOthers) });
}

/** Notes how the target stands after its schema was changed, for a rollback point that waits. */
export async function noteSchemaChange(client: pg.Client, directory: string, name: string): Promise<void> {
  const before = await read(directory, name);
  if (before === undefined || before.empty) return;
  const migrations = await appliedMigrations(client);
  if (migrations.join() === before.migrations.join()) return;
  await write(directory, name, { ...before, migrations, tables: await othersTables(client) });
}

/** Forgets that a rollback point waits, once a run has come to it. */
export async function forgetWaiting(client: pg.Client, directory: string, name: string): Promise<void> {
  if (await isTaken(client, name)) await forget(directory, name);
}

const forget = (directory: string, name: string): Promise<void> => rm(fileOf(directory, name), { force: true });

/** A rollback point that waits for a system's first row, and what has changed in the target since, a line each. */
export interface Waiting {
  readonly manifest: Manifest;
  readonly changes: readonly string[];
}

/**
 * The newest rollback point of this target that was taken before the rows of a system, and to which no run has come;
 * undefined where there is none, or where it is not whole any more.
 */
export async function findWaiting(
  client: pg.Client,
  of: { readonly target: pg.ClientConfig; readonly directory: string; readonly system: string },
): Promise<Waiting | undefined> {
  for (const manifest of await listRollbackPoints(of.directory)) {
    if (manifest.system !== of.system || manifest.phase !== "rows") continue;
    const then = await read(of.directory, manifest.name);
    if (then?.place !== placeOf(of.target)) continue;
    if (await isTaken(client, manifest.name)) {
      await forget(of.directory, manifest.name);
      return undefined;
    }
    const broken = manifest.dump !== null && (await companionFault(of.directory, manifest.dump)) !== undefined;
    return broken ? undefined : { manifest, changes: await changesSince(client, then) };
  }
  return undefined;
}

async function changesSince(client: pg.Client, then: Standing): Promise<string[]> {
  // Whoever uses the platform has an account, and an account comes by a move or by hand.
  if (then.empty) return (await isUnused(client)) ? [] : ["it has users or runs, and had none"];
  const migrations = await appliedMigrations(client);
  if (migrations.join() !== then.migrations.join()) return ["its schema is another"];
  return contentDifferences(
    { tables: then.tables, sequences: [] },
    { tables: await othersTables(client), sequences: [] },
  );
}

async function isUnused(client: pg.Client): Promise<boolean> {
  for (const table of ["accounts.users", "migration.runs"]) {
    if ((await isThere(client, table)) && (await client.query(`SELECT FROM ${table} LIMIT 1`)).rowCount !== 0)
      return false;
  }
  return true;
}

const records = "operations.rollback_points";

/** Whether a run has come to a rollback point: from then on it is that run's. */
async function isTaken(client: pg.Client, name: string): Promise<boolean> {
  if (!(await isThere(client, records))) return false;
  return (await client.query(`SELECT FROM ${records} WHERE name = $1`, [name])).rowCount !== 0;
}

async function isThere(client: pg.Client, table: string): Promise<boolean> {
  const found = await client.query<{ there: boolean }>("SELECT to_regclass($1) IS NOT NULL AS there", [table]);
  return found.rows[0]?.there === true;
}

const othersTables = async (client: pg.Client): Promise<Standing["tables"]> =>
  (await tableContents(client, await ownSchemas(client))).filter(isOthers);

/** What a move writes before its first row. */
const ownTables = new Set([
  `${appliedTable.schema}.${appliedTable.name}`,
  "operations.migration_status",
  "operations.migration_tables",
  "operations.migration_reports",
  records,
]);

const isOthers = ({ name }: { readonly name: string }): boolean =>
  !ownTables.has(name) && !/^(migration|stage_\w+)\./.test(name);

const placeOf = ({ host, port, database }: pg.ClientConfig): string =>
  `${host ?? ""}:${String(port ?? "")}/${database ?? ""}`;

async function read(directory: string, name: string): Promise<Standing | undefined> {
  const text = await readFile(fileOf(directory, name), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return standing.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const write = (directory: string, name: string, of: Standing): Promise<void> =>
  writeWhole(fileOf(directory, name), `${JSON.stringify(of)}\n`);
