import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { until } from "../stacks/until.ts";
import { home, mariadb, type source, target } from "./ground.ts";

const running: ChildProcess[] = [];

/** Runs a program to its end. Throws with what it said when it fails. */
export function must(program: string, words: readonly string[], input?: string): string {
  const { status, stdout, stderr, error } = spawnSync(program, words, {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    ...(input === undefined ? {} : { input }),
  });
  if (status !== 0) throw new Error(`${program} failed: ${error?.message ?? (stderr === "" ? stdout : stderr)}`);
  return stdout;
}

/** The same for both ends and for everybody who is measured. */
const tuning = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: home,
  shared_buffers: "1GB",
  max_wal_size: "16GB",
  maintenance_work_mem: "512MB",
  wal_level: "logical",
  // It would begin to clean up one run's work in the midst of the next.
  autovacuum: "off",
  fsync: "on",
};

/** Starts a PostgreSQL server that trusts its loopback, and waits until it answers. */
export async function startPostgres(address: typeof source | typeof target): Promise<void> {
  const folder = join(home, `postgres-${address.port.toString()}`);
  must("initdb", ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--pgdata", folder]);
  const words = Object.entries(tuning).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  run("postgres", ["-D", folder, "-p", address.port.toString(), ...words]);
  await until(`the server on port ${address.port.toString()} answers`, async () => {
    await ask({ ...address, database: "postgres" }, "SELECT 1");
    return true;
  });
}

/** Starts a MariaDB server with an empty database and its owner, and waits until it answers. */
export async function startMariaDB(): Promise<void> {
  const folder = join(home, "mariadb");
  const socket = join(home, "mariadb.sock");
  must("mariadb-install-db", [
    ...["--no-defaults", `--datadir=${folder}`, "--auth-root-authentication-method=normal", "--skip-test-db"],
  ]);
  run("mariadbd", [
    ...["--no-defaults", `--datadir=${folder}`, `--socket=${socket}`, `--port=${String(mariadb.port)}`],
    ...["--bind-address=127.0.0.1", "--skip-name-resolve", "--skip-log-bin", "--innodb-buffer-pool-size=1G"],
    // One that every client knows, older ones among them.
    ...["--character-set-server=utf8mb4", "--collation-server=utf8mb4_general_ci"],
  ]);
  const root = ["--no-defaults", `--socket=${socket}`, "--user=root"];
  await until("MariaDB answers", () => Promise.resolve(spawnSync("mariadb-admin", [...root, "ping"]).status === 0));
  const { user, password = "", database } = mariadb;
  must(
    "mariadb",
    root,
    `CREATE DATABASE \`${database}\`; CREATE USER '${user}'@'%' IDENTIFIED BY '${password}'; GRANT ALL ON *.* TO '${user}'@'%';`,
  );
}

function run(program: string, words: readonly string[]): void {
  const child = spawn(program, words, { stdio: ["ignore", "ignore", "ignore"] });
  running.push(child);
}

/** Ends all servers at once: what they hold goes with the container. */
export function stopServers(): void {
  for (const child of running) child.kill("SIGKILL");
}

/** Runs statements on a PostgreSQL server, and gives the rows of the last. */
export async function ask<Row extends pg.QueryResultRow>(config: pg.ClientConfig, statement: string): Promise<Row[]> {
  const client = new pg.Client(config);
  await client.connect();
  try {
    const result: unknown = await client.query<Row>(statement);
    return (Array.isArray(result) ? (result.at(-1) as pg.QueryResult<Row>) : (result as pg.QueryResult<Row>)).rows;
  } finally {
    await client.end();
  }
}

/** An empty database at the target, and nothing left to be written on either side. */
export async function freshTarget(servers: readonly (typeof source | typeof target)[]): Promise<void> {
  const anywhere = { ...target, database: "postgres" };
  await ask(anywhere, `DROP DATABASE IF EXISTS ${target.database} WITH (FORCE)`);
  await ask(anywhere, `CREATE DATABASE ${target.database}`);
  for (const server of servers) await ask({ ...server, database: "postgres" }, "CHECKPOINT");
  must("sync", []);
}

/** Rows of all tables of the target, outside of its own catalogues. */
export async function rowsInTarget(): Promise<number> {
  const tables = await ask<{ name: string }>(
    target,
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'migration')`,
  );
  let rows = 0;
  for (const { name } of tables)
    rows += Number((await ask<{ rows: string }>(target, `SELECT count(*) AS rows FROM ${name}`))[0]?.rows);
  return rows;
}

/** How busy the machine was in the last minute, as the kernel counts it. */
export const load = (): string =>
  existsSync("/proc/loadavg") ? (readFileSync("/proc/loadavg", "utf8").split(" ")[0] ?? "?") : "?";
