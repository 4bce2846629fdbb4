import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { appliedMigrations } from "@landfall/app/schema/version";
import type { ObjectStore } from "@landfall/app/storage/object-store";
import type pg from "pg";
import { Connection } from "../sql/connection.ts";
import { start, withEnvironment } from "./client-programs.ts";
import { sequencePositions, tableContents } from "./content.ts";
import { writeInventory } from "./inventory.ts";
import { writeManifest, type Companion, type Manifest } from "./manifest.ts";
import { foreignParts, ownSchemas } from "./own-schemas.ts";

const unfinished = ".unfinished";

export interface Taking {
  readonly target: pg.ClientConfig;
  readonly system: string;
  /** Where the rollback point lies; made where it is not there. */
  readonly directory: string;
  /** What comes next: the rows of a system (without a word), or its files. */
  readonly phase?: Manifest["phase"];
  /** The store of media, whose objects are listed. */
  readonly store?: ObjectStore;
}

/**
 * Takes a rollback point: a dump of our schemas, what their tables and sequences hold, and the objects of the store, all
 * of one moment. A target without any of our schemas needs no dump. What is interrupted leaves no rollback point.
 * Gives the manifest and the manifest's own file. Throws NoDump where pg_dump is missing or older than the server.
 */
export async function take(of: Taking): Promise<{ manifest: Manifest; file: Companion }> {
  await mkdir(of.directory, { recursive: true });
  await removeUnfinished(of);
  const takenAt = new Date();
  const stamp = takenAt.toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const phase = of.phase ?? "rows";
  const name = await freeName(of.directory, `${of.system}-${phase}-${stamp}-${process.pid.toString()}`);
  const connection = await Connection.open(of.target);
  try {
    const { client } = connection;
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const snapshot = await client.query<{ snapshot: string; position: string; version: string }>(
      `SELECT pg_export_snapshot() AS snapshot, pg_current_wal_lsn()::text AS position, current_setting('server_version') AS version`,
    );
    const moment = snapshot.rows[0] ?? { snapshot: "", position: "0/0", version: "" };
    const migrations = await appliedMigrations(client);
    const schemas = await ownSchemas(client);
    const empty = migrations.length === 0 && schemas.length === 0;
    const dump = empty ? null : join(of.directory, `${name}.dump`);
    const args = dump === null ? [] : await dumpArguments(client, { snapshot: moment.snapshot, schemas });
    const abandoned = new AbortController();
    const dumping =
      dump === null ? Promise.resolve(null) : dumpInto(dump, of.target, { args, signal: abandoned.signal });
    const looking = look(client, schemas, dumping).catch((error: unknown) => {
      abandoned.abort();
      throw error;
    });
    const [dumped, content] = await settled(dumping, looking);
    const objects = await inventory(client, of, name);
    const manifest: Manifest = {
      format: 1,
      name,
      system: of.system,
      phase,
      takenAt: takenAt.toISOString(),
      serverVersion: moment.version,
      walPosition: moment.position,
      migrations,
      empty,
      dump: dumped === null ? null : { file: `${name}.dump`, ...dumped },
      schemas,
      extensions: await extensionsIn(client, schemas),
      ...content,
      objects,
    };
    await client.query("COMMIT");
    if (dump !== null) await rename(`${dump}${unfinished}`, dump);
    return { manifest, file: await writeManifest(of.directory, manifest) };
  } finally {
    await connection.close();
  }
}

/** A name that no rollback point of the directory has: there may be one of the same second. */
async function freeName(directory: string, wanted: string): Promise<string> {
  const taken = new Set(await readdir(directory));
  let name = wanted;
  for (let number = 2; taken.has(`${name}.json`); number++) name = `${wanted}-${number.toString()}`;
  return name;
}

async function removeUnfinished({ directory, system }: Taking): Promise<void> {
  for (const file of await readdir(directory)) {
    if (file.startsWith(`${system}-`) && file.endsWith(unfinished)) await rm(join(directory, file));
  }
}

async function extensionsIn(client: pg.Client, schemas: readonly string[]): Promise<string[]> {
  const result = await client.query<{ name: string }>(
    "SELECT extname AS name FROM pg_extension WHERE extnamespace::regnamespace::text = ANY ($1) ORDER BY 1",
    [schemas],
  );
  return result.rows.map(({ name }) => name);
}

async function inventory(client: pg.Client, of: Taking, name: string): Promise<Manifest["objects"]> {
  if (of.store === undefined) return null;
  const file = `${name}.objects`;
  const path = join(of.directory, file);
  const figures = await writeInventory(client, of.store, `${path}${unfinished}`);
  await rename(`${path}${unfinished}`, path);
  return { file, place: of.store.place, ...figures };
}

/** What both gave once both have ended; where one failed, its error. */
async function settled<First, Second>(first: Promise<First>, second: Promise<Second>): Promise<[First, Second]> {
  await Promise.allSettled([first, second]);
  return Promise.all([first, second]);
}

/** The content while the dump is written: a sequence may move meanwhile, and then stands somewhere in between. */
async function look(
  client: pg.Client,
  schemas: readonly string[],
  dumping: Promise<unknown>,
): Promise<Pick<Manifest, "tables" | "sequences">> {
  const before = await sequencePositions(client, schemas);
  const tables = await tableContents(client, schemas);
  await dumping;
  const after = new Map((await sequencePositions(client, schemas)).map(({ name, at }) => [name, at]));
  return { tables, sequences: before.map(({ name, at }) => ({ name, from: at, to: after.get(name) ?? at })) };
}

async function dumpArguments(
  client: pg.Client,
  of: { snapshot: string; schemas: readonly string[] },
): Promise<string[]> {
  const foreign = await foreignParts(client, of.schemas);
  return [
    "--format=custom",
    "--no-password",
    `--snapshot=${of.snapshot}`,
    ...foreign.schemas.map((schema) => `--exclude-schema=${schema}`),
    ...foreign.relations.map((relation) => `--exclude-table=${relation}`),
  ];
}

async function dumpInto(
  path: string,
  target: pg.ClientConfig,
  of: { args: readonly string[]; signal: AbortSignal },
): Promise<{ bytes: number; sha256: string }> {
  return withEnvironment(target, async (environment) => {
    const digest = createHash("sha256");
    let bytes = 0;
    const measure = new Transform({
      transform(data: Buffer, _encoding, done) {
        digest.update(data);
        bytes += data.length;
        done(null, data);
      },
    });
    const dump = start("pg_dump", of.args, { environment, signal: of.signal });
    const written = pipeline(dump.output, measure, createWriteStream(`${path}${unfinished}`, { mode: 0o600 }));
    try {
      await settled(dump.ended, written);
    } catch (error) {
      await rm(`${path}${unfinished}`, { force: true });
      throw error;
    }
    const file = await open(`${path}${unfinished}`);
    await file.sync().finally(() => file.close());
    return { bytes, sha256: digest.digest("hex") };
  });
}
