import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, open, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type pg from "pg";
import type { RollbackPoint } from "../report.ts";

const unfinished = ".unfinished";

/**
 * Dumps the target with pg_dump (custom format, from PATH) into a directory, and says where it is and what it is.
 * The password travels in the child's environment alone. A dump that was interrupted leaves nothing that looks whole.
 */
export async function takeRollbackPoint(
  client: pg.Client,
  config: pg.ClientConfig,
  of: { system: string; directory: string },
): Promise<RollbackPoint> {
  await mkdir(of.directory, { recursive: true });
  for (const file of await readdir(of.directory)) {
    if (file.startsWith(`${of.system}-`) && file.endsWith(unfinished)) await rm(join(of.directory, file));
  }
  const position = await client.query<{ position: string }>("SELECT pg_current_wal_lsn()::text AS position");
  const name = `${of.system}-${new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "")}-${process.pid.toString()}`;
  const location = join(of.directory, `${name}.dump`);
  const measured = await dumpInto(`${location}${unfinished}`, config);
  await rename(`${location}${unfinished}`, location);
  return { name, location, ...measured, walPosition: position.rows[0]?.position ?? "0/0" };
}

async function dumpInto(path: string, config: pg.ClientConfig): Promise<{ bytes: number; sha256: string }> {
  const secrets = await mkdtemp(join(tmpdir(), "landfall-"));
  try {
    const child = spawn("pg_dump", ["--format=custom", "--no-password"], {
      env: await environmentFor(config, secrets),
      stdio: ["ignore", "pipe", "pipe"],
    });
    const errors: Buffer[] = [];
    child.stderr.on("data", (data: Buffer) => errors.push(data));
    const exit = new Promise<void>((resolve, reject) => {
      child.on("error", (error) => {
        reject(
          new Error(
            `pg_dump could not be started: ${error.message}. Install postgresql-client, or set ROLLBACK_DIRECTORY to nothing.`,
          ),
        );
      });
      child.on("close", (code) => {
        const reason = Buffer.concat(errors).toString().trim();
        if (code === 0) resolve();
        else reject(new Error(`The rollback point could not be taken: pg_dump ended with ${String(code)}: ${reason}`));
      });
    });
    const digest = createHash("sha256");
    let bytes = 0;
    const measure = new Transform({
      transform(data: Buffer, _encoding, done) {
        digest.update(data);
        bytes += data.length;
        done(null, data);
      },
    });
    await Promise.all([exit, pipeline(child.stdout, measure, createWriteStream(path, { mode: 0o600 }))]);
    const file = await open(path);
    await file.sync();
    await file.close();
    return { bytes, sha256: digest.digest("hex") };
  } finally {
    await rm(secrets, { recursive: true, force: true });
  }
}

/** The target as libpq's variables, with nothing else of this process's own settings. */
async function environmentFor(config: pg.ClientConfig, directory: string): Promise<Record<string, string>> {
  const tls = typeof config.ssl === "object" && typeof config.ssl.ca === "string" ? config.ssl.ca : undefined;
  const authority = join(directory, "authority.crt");
  if (tls !== undefined) await writeFile(authority, tls, { mode: 0o600 });
  return {
    PATH: process.env["PATH"] ?? "",
    PGHOST: config.host ?? "",
    PGPORT: String(config.port ?? 5432),
    PGDATABASE: config.database ?? "",
    PGUSER: config.user ?? "",
    PGPASSWORD: typeof config.password === "string" ? config.password : "",
    ...(tls === undefined ? {} : { PGSSLMODE: "verify-full", PGSSLROOTCERT: authority }),
  };
}

/** Lists a rollback point where the console finds it. */
export async function recordRollbackPoint(
  client: pg.Client,
  point: RollbackPoint,
  of: { system: string; runId: string },
): Promise<void> {
  await client.query(
    `INSERT INTO operations.rollback_points (system, run_id, name, location, bytes, sha256, wal_position)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [of.system, of.runId, point.name, point.location, point.bytes, point.sha256, point.walPosition],
  );
}

/** The rollback point that was taken for a run, or null. */
export async function rollbackPointOf(client: pg.Client, runId: string): Promise<RollbackPoint | null> {
  const result = await client.query<RollbackPoint & { bytes: string }>(
    `SELECT name, location, bytes, sha256, wal_position::text AS "walPosition" FROM operations.rollback_points WHERE run_id = $1
     ORDER BY id DESC LIMIT 1`,
    [runId],
  );
  const row = result.rows[0];
  return row === undefined ? null : { ...row, bytes: Number(row.bytes) };
}
