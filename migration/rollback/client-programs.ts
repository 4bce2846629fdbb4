import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import pg from "pg";
import { tlsEnvironment } from "./tls-environment.ts";

/** No dump can be made or read here: the program is missing, or is older than the server. */
export class NoDump extends Error {
  override readonly name = "NoDump";
}

type Program = "pg_dump" | "pg_restore";

/** A program of PostgreSQL's that runs. */
export interface Running {
  readonly output: Readable;
  /** Resolves at its good end; otherwise throws NoDump or an error with its last words. */
  readonly ended: Promise<void>;
}

/** Starts a program from the PATH, with nothing of this process's environment but that, and `environment`. */
export function start(
  program: Program,
  args: readonly string[],
  of: { environment?: Record<string, string>; signal?: AbortSignal } = {},
): Running {
  const child = spawn(program, args, {
    env: { PATH: process.env["PATH"] ?? "", ...of.environment },
    ...(of.signal === undefined ? {} : { signal: of.signal }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = ending(program, child);
  // Whoever reads the output comes to it later.
  ended.catch(() => undefined);
  return { output: child.stdout, ended };
}

function ending(program: Program, child: ChildProcess): Promise<void> {
  let complaint = "";
  child.stderr?.on("data", (data: Buffer) => {
    complaint = (complaint + data.toString()).slice(-4000);
  });
  return new Promise((resolve, reject) => {
    child.on("error", (error) => {
      if (error.name === "AbortError") return;
      reject(
        new NoDump(
          `${program} could not be started: ${error.message}. Install postgresql-client, or do without a rollback point.`,
        ),
      );
    });
    child.on("close", (code, signal) => {
      if (code === 0) {
        resolve();
        return;
      }
      const reason = complaint.trim();
      if (/server version mismatch|unsupported version/.test(reason))
        reject(new NoDump(`${program} is too old: ${reason}. Install the postgresql-client of the server's version.`));
      else reject(new Error(`${program} ended with ${String(code ?? signal)}: ${reason}`));
    });
  });
}

/** Gives `work` the variables by which PostgreSQL's programs find a database. The password travels by them alone. */
export async function withEnvironment<Result>(
  config: pg.ClientConfig,
  work: (environment: Record<string, string>) => Promise<Result>,
): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), "landfall-"));
  try {
    return await work({
      PGHOST: config.host ?? "",
      PGPORT: String(config.port ?? 5432),
      PGDATABASE: config.database ?? "",
      // Where none is named, the one that the driver itself goes by, so that both are the same.
      PGUSER: new pg.Client(config).user ?? "",
      PGPASSWORD: typeof config.password === "string" ? config.password : "",
      ...(await tlsEnvironment(config.ssl, directory)),
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
