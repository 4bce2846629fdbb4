import { setTimeout as delay } from "node:timers/promises";
import { runner, type MigrationBuilder } from "node-pg-migrate";
import pg from "pg";
import { migrationsDirectory, readMigrations, statementsOf, type SchemaMigration } from "./migration-files.ts";
import { appliedMigrations, appliedTable } from "./version.ts";

export { expectedSchemaVersion, schemaVersion } from "./version.ts";

/** The advisory lock that runners of the schema take; any number serves that nothing else in the database uses. */
const lockNumber = 7_241_865_325;
const lockPollMilliseconds = 200;

export interface SchemaMigrationOptions {
  readonly direction: "up" | "down";
  /** The last migration to apply, or the last to undo; without it all are applied, or one is undone. */
  readonly target?: string;
  /** Folder of the migrations; this release's own without it. */
  readonly directory?: string;
  readonly log?: (line: string) => void;
}

/**
 * Brings a database's schema up or down and returns the names applied or undone, in that order.
 *
 * Several runners may start at once: they take turns, and the later ones find nothing to do. Each migration commits by
 * itself with its entry in `public.schema_migrations`, so a run that was killed goes on with the next one.
 * Refused before anything is changed: a database that is ahead of this release, an unknown target, a way down that
 * leads over a migration that cannot be undone, and a faulty file.
 *
 * @param client a connected client, which stays open, or the settings for one. It must be a direct connection:
 *   a transaction pool would lose the lock.
 */
export async function migrateSchema(
  client: pg.Client | pg.ClientConfig,
  options: SchemaMigrationOptions,
): Promise<string[]> {
  if (client instanceof pg.Client) return migrateLocked(client, options);
  const own = new pg.Client(client);
  await own.connect();
  try {
    return await migrateLocked(own, options);
  } finally {
    await own.end();
  }
}

async function migrateLocked(client: pg.Client, options: SchemaMigrationOptions): Promise<string[]> {
  const log = options.log ?? (() => undefined);
  const directory = options.directory ?? migrationsDirectory();
  const migrations = readMigrations(directory);
  await takeLock(client, log);
  try {
    const planned = planMigrations(migrations, await appliedMigrations(client), options);
    for (const migration of planned) {
      const started = performance.now();
      await runOne(client, directory, { migration, direction: options.direction });
      log(`schema ${options.direction}: ${migration.name} (${Math.round(performance.now() - started).toString()} ms)`);
    }
    return planned.map(({ name }) => name);
  } finally {
    await client.query("SELECT pg_advisory_unlock($1)", [lockNumber]);
  }
}

/**
 * The migrations to run, in order, given what the code has and what the database has had.
 * Throws an error that says what to do when the two do not fit, or the direction cannot be taken.
 */
export function planMigrations(
  migrations: readonly SchemaMigration[],
  applied: readonly string[],
  options: SchemaMigrationOptions,
): SchemaMigration[] {
  const names = migrations.map(({ name }) => name);
  const ahead = applied.filter((name) => !names.includes(name));
  if (ahead.length > 0) {
    throw new Error(
      `The database is ahead of this release: it has had ${ahead.join(", ")}. Run the release that brought them, or a later one.`,
    );
  }
  const late = names.slice(0, applied.length).find((name, index) => name !== applied[index]);
  if (late !== undefined) {
    throw new Error(
      `${late} comes before ${String(applied.at(-1))}, which the database has had already. Give it a number after that.`,
    );
  }
  if (options.target !== undefined && !names.includes(options.target)) {
    throw new Error(`There is no schema migration "${options.target}"; there are ${names.join(", ")}.`);
  }
  const target = options.target === undefined ? undefined : names.indexOf(options.target);
  if (options.direction === "up")
    return migrations.slice(applied.length, target === undefined ? undefined : target + 1);
  const undone = migrations.slice(target ?? Math.max(applied.length - 1, 0), applied.length).reverse();
  const fixed = undone.filter(({ reversible }) => !reversible);
  if (fixed.length > 0) {
    throw new Error(
      `${fixed.map(({ name }) => name).join(", ")} cannot be undone (marked "Reversible: no"). Restore a backup or a rollback point instead.`,
    );
  }
  return undone;
}

// Polled, because a session that waits inside the lock holds a snapshot, for which CREATE INDEX CONCURRENTLY would wait in turn.
async function takeLock(client: pg.Client, log: (line: string) => void): Promise<void> {
  for (let told = false; ; told = true) {
    const result = await client.query<{ taken: boolean }>("SELECT pg_try_advisory_lock($1) AS taken", [lockNumber]);
    if (result.rows[0]?.taken === true) return;
    if (!told) log("schema: another runner is at work; waiting for it");
    await delay(lockPollMilliseconds);
  }
}

async function runOne(
  client: pg.Client,
  directory: string,
  step: { migration: SchemaMigration; direction: "up" | "down" },
): Promise<void> {
  const { migration, direction } = step;
  try {
    await runner({
      dbClient: client,
      dir: directory,
      direction,
      file: migration.name,
      count: 1,
      migrationsSchema: appliedTable.schema,
      migrationsTable: appliedTable.name,
      // The lock is held already, and node-pg-migrate's own would wait inside the database.
      noLock: true,
      singleTransaction: false,
      checkOrder: false,
      logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
      migrationLoaderStrategies: [{ extensions: [".sql"], loader: loadUnits }],
    });
  } catch (error) {
    await client.query("ROLLBACK");
    const reason = error instanceof Error ? error.message : String(error);
    const outcome = migration.transaction ? "and changed nothing" : "outside a transaction; see what it left behind";
    throw new Error(`Schema migration ${migration.name} (${direction}) failed ${outcome}: ${reason}`, { cause: error });
  }
}

async function loadUnits(paths: string[]) {
  const files = new Map(paths.map((path) => [path.replace(/^.*\/|\.sql$/g, ""), path]));
  const directory = paths[0]?.replace(/\/[^/]*$/, "");
  return Promise.resolve(
    readMigrations(directory).map((migration) => {
      const path = files.get(migration.name) ?? migration.name;
      const section = (sql: string) => (builder: MigrationBuilder) => {
        if (!migration.transaction) builder.noTransaction();
        for (const statement of migration.transaction ? [sql] : statementsOf(sql)) builder.sql(statement);
      };
      return { id: path, filePaths: [path], actions: { up: section(migration.up), down: section(migration.down) } };
    }),
  );
}
