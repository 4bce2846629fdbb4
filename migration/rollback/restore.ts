import { join } from "node:path";
import { readMigrations } from "@landfall/app/schema/migration-files";
import { appliedMigrations, appliedTable } from "@landfall/app/schema/version";
import type { ObjectStore } from "@landfall/app/storage/object-store";
import type pg from "pg";
import { Refusal } from "../engine/outcome.ts";
import { Connection, inTransaction } from "../sql/connection.ts";
import { identifier } from "../sql/quote.ts";
import { takeRunnerLock } from "../target/runner.ts";
import { restoreArchive } from "./archive.ts";
import { contentDifferences, sequencePositions, tableContents } from "./content.ts";
import { compareInventory, type ObjectDifferences } from "./inventory.ts";
import { companionFault, readManifest, type Manifest } from "./manifest.ts";
import { foreignRelations, ownSchemas } from "./own-schemas.ts";

/** What was restored is not what the rollback point has; nothing was changed. */
export class RestoreDiffers extends Error {
  override readonly name = "RestoreDiffers";
  readonly differences: readonly string[];

  constructor(name: string, differences: readonly string[]) {
    super(
      `What was restored is not what the rollback point ${name} has, so the target was left as it was:\n${differences.map((line) => `  - ${line}`).join("\n")}`,
    );
    this.differences = differences;
  }
}

export interface Restoring {
  readonly target: pg.ClientConfig;
  readonly directory: string;
  readonly name: string;
  /** The store of media, which is held against the rollback point's list of objects. */
  readonly store?: ObjectStore;
  /** Whether objects are read back, beside the comparison of sizes. */
  readonly readBack?: boolean;
  /** Objects that came after the rollback point and are to be deleted. */
  readonly remove?: readonly string[];
}

export interface RestoreReport {
  readonly name: string;
  /** Tables whose rows and sums were found to be those of the rollback point. */
  readonly tables: number;
  readonly rows: number;
  readonly sequences: number;
  /** How the store of media differs, or null where there was none, then or now. */
  readonly objects: ObjectDifferences | null;
  readonly removed: readonly string[];
}

/** How long a runner that was just killed may still seem to be there, in milliseconds. */
const lockPatience = 3000;

/**
 * Puts a target back to a rollback point, in one transaction that ends only once every table and sequence has been found
 * to be as it was then. Objects in the store of media are compared, and deleted only by name.
 * Throws a Refusal where nothing was begun (the dump is not whole, the point is of a later release, others are
 * connected), NoDump without a fitting pg_restore, and RestoreDiffers where the proof failed, which changes nothing.
 */
export async function restoreRollbackPoint(of: Restoring): Promise<RestoreReport> {
  const manifest = await readManifest(of.directory, of.name);
  const faults = await faultsOf(manifest, of.directory);
  if (faults.length > 0) throw new Refusal(`The rollback point ${of.name} cannot be restored`, faults);
  const connection = await Connection.open(of.target);
  try {
    const { client } = connection;
    await takeRunnerLock(client, lockPatience);
    await refuseOthers(client);
    await inTransaction(client, () => putBack(client, manifest, of.directory));
    await client.query("RESET ALL");
    await client.query("ANALYZE");
  } finally {
    await connection.close();
  }
  const objects = await compareObjects(manifest, of);
  return {
    name: of.name,
    tables: manifest.tables.length,
    rows: manifest.tables.reduce((sum, { rows }) => sum + Number(rows), 0),
    sequences: manifest.sequences.length,
    objects,
    removed: await removeObjects(objects, of),
  };
}

async function faultsOf(manifest: Manifest, directory: string): Promise<string[]> {
  const faults: string[] = [];
  for (const companion of [manifest.dump, manifest.objects]) {
    const fault = companion === null ? undefined : await companionFault(directory, companion);
    if (fault !== undefined) faults.push(fault);
  }
  if (manifest.dump === null && !manifest.empty) faults.push("its manifest names no dump");
  const known = new Set(readMigrations().map(({ name }) => name));
  const later = manifest.migrations.filter((name) => !known.has(name));
  if (later.length > 0)
    faults.push(`it is of a later release: its schema has had ${later.join(", ")}; restore it with that release`);
  return faults;
}

async function refuseOthers(client: pg.Client): Promise<void> {
  const result = await client.query<{ who: string; connections: number }>(
    `SELECT coalesce(usename::text, '?') || coalesce(' by ' || nullif(application_name, ''), '') || coalesce(' from ' || host(client_addr), '') AS who,
       count(*)::integer AS connections
     FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
     GROUP BY 1 ORDER BY 1`,
  );
  if (result.rows.length === 0) return;
  throw new Refusal(
    "Others are connected to the target; stop the platform first",
    result.rows.map(
      ({ who, connections }) => `${who}: ${connections.toString()} connection${connections === 1 ? "" : "s"}`,
    ),
  );
}

async function putBack(client: pg.Client, manifest: Manifest, directory: string): Promise<void> {
  const own = [...new Set([...(await ownSchemas(client, manifest.schemas)), ...manifest.schemas])];
  const foreign = await foreignRelations(client, own);
  for (const schema of own) await client.query(`DROP SCHEMA IF EXISTS ${identifier(schema)} CASCADE`);
  await client.query(`DROP TABLE IF EXISTS ${identifier(`${appliedTable.schema}.${appliedTable.name}`)} CASCADE`);
  const left = new Set(await foreignRelations(client, own));
  const lost = foreign.filter((name) => !left.has(name));
  if (lost.length > 0)
    throw new Refusal(
      "What is not the platform's depends on it, and would be lost",
      lost.map((name) => `${name}; take it away, or make it independent`),
    );
  if (manifest.dump !== null) await restoreArchive(client, join(directory, manifest.dump.file), manifest);
  const schemas = await ownSchemas(client, manifest.schemas);
  const differences = contentDifferences(manifest, {
    tables: await tableContents(client, schemas),
    sequences: await sequencePositions(client, schemas),
  });
  const migrations = await appliedMigrations(client);
  if (migrations.join() !== manifest.migrations.join())
    differences.push(`the schema has had ${migrations.join(", ")} instead of ${manifest.migrations.join(", ")}`);
  if (differences.length > 0) throw new RestoreDiffers(manifest.name, differences);
}

async function compareObjects(manifest: Manifest, of: Restoring): Promise<ObjectDifferences | null> {
  if (of.store === undefined || manifest.objects === null) return null;
  return compareInventory(of.store, join(of.directory, manifest.objects.file), of.readBack ?? false);
}

async function removeObjects(objects: ObjectDifferences | null, of: Restoring): Promise<string[]> {
  if (of.store === undefined || objects === null) return [];
  const later = new Set(objects.later);
  const removed = [...new Set(of.remove ?? [])].filter((key) => later.has(key));
  for (const key of removed) await of.store.delete(key);
  return removed;
}
