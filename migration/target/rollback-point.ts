import { join } from "node:path";
import type { ObjectStore } from "@landfall/app/storage/object-store";
import type pg from "pg";
import type { RollbackPoint } from "../report.ts";
import { manifestFile, type Companion, type Manifest } from "../rollback/manifest.ts";
import { take } from "../rollback/take.ts";
import { findWaiting, noteWaiting } from "../rollback/waiting.ts";

/**
 * Takes a rollback point of the target before a phase of a system's move (its rows, without a word), with the objects of
 * the store of media where there is one, and says where it is: the dump, or of a target that was empty, the manifest.
 * Throws NoDump where pg_dump is missing or older than the server.
 */
export async function takeRollbackPoint(
  config: pg.ClientConfig,
  of: { system: string; directory: string; phase?: "rows" | "files"; store?: ObjectStore },
): Promise<RollbackPoint> {
  const { manifest, file } = await take({ target: config, ...of });
  if (manifest.phase === "rows") await noteWaiting(config, of.directory, manifest);
  return pointOf(of.directory, manifest, file);
}

/**
 * The rollback point that an earlier try of a system's move took and stopped before its first row, where the target is
 * still as that try left it; undefined where there is none. Where others have changed the target since, that point
 * would take their work away with the move, and `onChanged` is told what they changed.
 */
export async function findRollbackPoint(
  client: pg.Client,
  of: { target: pg.ClientConfig; system: string; directory: string; onChanged: (changes: readonly string[]) => void },
): Promise<RollbackPoint | undefined> {
  const waiting = await findWaiting(client, of);
  if (waiting === undefined) return undefined;
  const { manifest, changes } = waiting;
  if (changes.length === 0) return pointOf(of.directory, manifest, await manifestFile(of.directory, manifest.name));
  of.onChanged(changes);
  return undefined;
}

function pointOf(directory: string, { name, walPosition, dump }: Manifest, manifest: Companion): RollbackPoint {
  const { file, bytes, sha256 } = dump ?? manifest;
  return { name, location: join(directory, file), bytes, sha256, walPosition };
}

/** Lists a rollback point where the console finds it; one that an earlier run had is the later run's from then on. */
export async function recordRollbackPoint(
  client: pg.Client,
  point: RollbackPoint,
  of: { system: string; runId: string; phase?: "rows" | "files" },
): Promise<void> {
  await client.query(
    `INSERT INTO operations.rollback_points (system, run_id, name, location, bytes, sha256, wal_position, phase)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (name) DO UPDATE SET run_id = excluded.run_id`,
    [of.system, of.runId, point.name, point.location, point.bytes, point.sha256, point.walPosition, of.phase ?? "rows"],
  );
}

/** The rollback point that was taken before a run's rows, or null. */
export async function rollbackPointOf(client: pg.Client, runId: string): Promise<RollbackPoint | null> {
  const result = await client.query<RollbackPoint & { bytes: string }>(
    `SELECT name, location, bytes, sha256, wal_position::text AS "walPosition" FROM operations.rollback_points
     WHERE run_id = $1 AND phase = 'rows' ORDER BY id DESC LIMIT 1`,
    [runId],
  );
  const row = result.rows[0];
  return row === undefined ? null : { ...row, bytes: Number(row.bytes) };
}
