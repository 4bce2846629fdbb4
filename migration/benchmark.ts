/**
 * Wall time of a whole move beside `pg_dump | pg_restore` of the same legacy database, in interleaved rounds.
 *
 *   node migration/benchmark.ts [ROUNDS]
 *
 * Takes the settings of `run` for one system. The target's role must be allowed to create databases: every run gets a
 * fresh one beside DB_NAME, which is removed again. Needs pg_dump and pg_restore on the PATH.
 */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { readSettings, type Settings } from "./settings.ts";
import { Connection } from "./sql/connection.ts";

interface Move {
  readonly seconds: number;
  readonly start: number;
  readonly survey: number;
  readonly copy: number;
  readonly verify: number;
  readonly peakMegabytes: number;
  readonly cpuSeconds: number;
  readonly rows: number;
}

interface LogLine {
  readonly time: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

const seconds = (since: number): number => (performance.now() - since) / 1000;
const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0;
const spread = (values: readonly number[], digits = 2): string =>
  `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)})`;

async function withFreshDatabase<Result>(settings: Settings, work: (name: string) => Promise<Result>): Promise<Result> {
  const connection = await Connection.open(settings.target);
  const name = `landfall_benchmark_${randomBytes(4).toString("hex")}`;
  try {
    await connection.client.query(`CREATE DATABASE ${name}`);
    return await work(name);
  } finally {
    await drop(connection, name);
    await connection.close();
  }
}

/** A vacuum of the server's own in the database cannot be cut by an owner, and is waited for. */
async function drop({ client }: Connection, name: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      return;
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || error.code !== "42501" || tries === 600) throw error;
      await delay(200);
    }
  }
}

async function move(database: string): Promise<Move> {
  const folder = await mkdtemp(join(tmpdir(), "landfall-benchmark-"));
  const begun = Date.now();
  const started = performance.now();
  const child = spawn(process.execPath, [fileURLToPath(new URL("main.ts", import.meta.url)), "run"], {
    env: {
      ...process.env,
      DB_NAME: database,
      ROLLBACK_DIRECTORY: "",
      REPORT_PATH: join(folder, "report.json"),
      LOG_LEVEL: "info",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: LogLine[] = [];
  createInterface(child.stdout).on("line", (line) => lines.push(JSON.parse(line) as LogLine));
  const [code] = (await once(child, "close")) as [number | null];
  const total = seconds(started);
  await rm(folder, { recursive: true });
  if (code !== 0) throw new Error(`The move ended with ${String(code)}: ${lines.at(-1)?.msg ?? ""}`);
  const line = (text: string): LogLine | undefined => lines.findLast(({ msg }) => msg.includes(text));
  const at = (text: string): number => (Date.parse(line(text)?.time ?? "") - begun) / 1000;
  const schema = at("schema up");
  return {
    seconds: total,
    start: schema,
    survey: at("copying ") - schema,
    copy: at("copied ") - at("copying "),
    verify: total - at("copied "),
    peakMegabytes: Number(line("what this process took")?.["peakMegabytes"]),
    cpuSeconds: Number(line("what this process took")?.["cpuSeconds"]),
    rows: Number(line("copied ")?.["rows"]),
  };
}

async function dumpAndRestore(source: pg.ClientConfig, target: pg.ClientConfig): Promise<number> {
  const environment = (of: pg.ClientConfig) => ({
    PATH: process.env["PATH"] ?? "",
    PGHOST: of.host ?? "",
    PGPORT: String(of.port),
    PGDATABASE: of.database ?? "",
    PGUSER: of.user ?? "",
    PGPASSWORD: typeof of.password === "string" ? of.password : "",
  });
  const started = performance.now();
  const dump = spawn("pg_dump", ["--format=custom", "--compress=0", "--no-owner", "--no-privileges"], {
    env: environment(source),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const restore = spawn(
    "pg_restore",
    ["--no-owner", "--no-privileges", "--exit-on-error", `--dbname=${target.database ?? ""}`],
    {
      env: environment(target),
      stdio: ["pipe", "inherit", "inherit"],
    },
  );
  dump.stdout.pipe(restore.stdin);
  const codes = await Promise.all([once(dump, "close"), once(restore, "close")]);
  if (codes.some(([code]) => code !== 0)) throw new Error(`pg_dump | pg_restore failed: ${JSON.stringify(codes)}`);
  return seconds(started);
}

const rounds = Number(process.argv[2] ?? 5);
const settings = readSettings(process.env);
const [system] = settings.systems;
const source = system === undefined ? undefined : settings.sources.get(system);
if (source?.kind !== "postgresql") throw new Error("Name one system in MIGRATION_SYSTEMS.");

const moves: Move[] = [];
const peers: number[] = [];
for (let round = 1; round <= rounds; round++) {
  moves.push(await withFreshDatabase(settings, move));
  peers.push(
    await withFreshDatabase(settings, (database) => dumpAndRestore(source.config, { ...settings.target, database })),
  );
  process.stderr.write(
    `round ${round.toString()}: ${String(moves.at(-1)?.seconds.toFixed(2))} s beside ${String(peers.at(-1)?.toFixed(2))} s\n`,
  );
}
const of = (field: keyof Move): number[] => moves.map((one) => one[field]);
process.stdout.write(`
${String(system)}: ${String(moves[0]?.rows)} rows, ${rounds.toString()} interleaved rounds, ${settings.workers.toString()} workers; median (lowest to highest)

| what | seconds |
| --- | --- |
| the whole move, verified | ${spread(of("seconds"))} |
| – start, and the new schema | ${spread(of("start"))} |
| – survey | ${spread(of("survey"))} |
| – copy, with mapping, constraints, indexes and checkpoints | ${spread(of("copy"))} |
| – verification | ${spread(of("verify"))} |
| pg_dump \\| pg_restore of the legacy database | ${spread(peers)} |
| move / pg_dump \\| pg_restore, per round | ${spread(moves.map((one, index) => one.seconds / (peers[index] ?? 1)))} |
| survey and copy / pg_dump \\| pg_restore, per round | ${spread(moves.map((one, index) => (one.survey + one.copy) / (peers[index] ?? 1)))} |
| verification / copy, per round | ${spread(moves.map((one) => one.verify / one.copy))} |

Process: ${spread(of("cpuSeconds"))} CPU seconds, ${spread(of("peakMegabytes"), 0)} MB at its peak.
`);
