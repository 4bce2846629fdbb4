/** Runs inside the benchmark's container: the servers, the large databases, the rounds, and the table at the end. */
import { cpus, totalmem } from "node:os";
import { judged, markdown, spread, type Aim } from "./figures.ts";
import { source, systems, target, type Engine } from "./ground.ts";
import { land, type Landing } from "./landing.ts";
import { readOptions, usage, type Options } from "./options.ts";
import { extractedTables, extracts, names, peers, type Contender } from "./peers.ts";
import { ask, freshTarget, load, rowsInTarget, startMariaDB, startPostgres, stopServers } from "./servers.ts";
import { growMariaDB, growPostgres, growSQLite } from "./sources.ts";
import type { Taken } from "./timed.ts";

/** One run of one contender, or why there is none. */
interface Run {
  readonly round: number;
  readonly rows: number;
  readonly taken: Taken | Landing;
}

interface Tally {
  readonly name: string;
  readonly runs: Run[];
  readonly failures: string[];
}

const tell = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

async function prepare(engine: Engine, rows: number): Promise<void> {
  tell(`${engine}: starting servers and making about ${rows.toString()} rows of ${systems[engine]} …`);
  if (engine === "postgresql") {
    await startPostgres(source);
    await growPostgres(rows);
  } else if (engine === "mariadb") {
    await startMariaDB();
    await growMariaDB(rows);
  } else await growSQLite(rows);
}

async function once(engine: Engine, contender: Contender, of: { round: number; tally: Tally }): Promise<void> {
  await freshTarget(engine === "postgresql" ? [source, target] : [target]);
  await contender.prepare?.();
  try {
    const taken = await contender.run();
    const rows = await rowsInTarget();
    of.tally.runs.push({ round: of.round, rows, taken });
    tell(
      `round ${of.round.toString()}, load ${load()}: ${contender.name}: ${taken.seconds.toFixed(1)} s, ${rows.toString()} rows`,
    );
    if ("phases" in taken) tell(`  ${phaseList(taken)}`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    of.tally.failures.push(reason);
    tell(`round ${of.round.toString()}: ${contender.name}: ${reason}`);
  }
}

const phaseList = (taken: Taken | Landing): string =>
  "phases" in taken ? [...taken.phases].map(([name, seconds]) => `${name} ${seconds.toFixed(1)}`).join(", ") : "";

async function bench(engine: Engine, options: Options): Promise<string> {
  const rows = engine === "postgresql" ? options.rows : options.rows / 2;
  await prepare(engine, rows);
  const landing: Contender = { name: names.landing, run: () => land(engine) };
  const contenders = options.memory
    ? [landing]
    : [...extracts(engine, extractedTables(engine)), ...peers(engine), landing];
  const tallies = contenders.map(({ name }): Tally => ({ name, runs: [], failures: [] }));
  for (let round = 1; round <= options.rounds; round++) {
    for (const [place, contender] of contenders.entries()) {
      const tally = tallies[place];
      // Who has failed once has been seen to fail.
      if (tally?.failures.length === 0) await once(engine, contender, { round, tally });
    }
  }
  return report(engine, tallies, options);
}

const phase = (run: Run, ...names: readonly string[]): number =>
  "phases" in run.taken ? names.reduce((sum, name) => sum + ((run.taken as Landing).phases.get(name) ?? 0), 0) : NaN;

/** The landing itself: all but the verification that ends it. */
const landed = (run: Run): number => run.taken.seconds - phase(run, "verifying");

function report(engine: Engine, tallies: readonly Tally[], options: Options): string {
  const rows = tallies.flatMap(({ name, runs, failures }) => {
    if (runs.length === 0) return [[name, `failed: ${(failures[0] ?? "").split("\n").at(-1)?.slice(0, 80) ?? ""}`]];
    const figures = (seconds: (run: Run) => number, of = runs): string[] => [
      spread(of.map(seconds)),
      spread(
        of.map((run) => run.rows / seconds(run) / 1000),
        0,
      ),
      spread(of.map(({ taken }) => taken.client)),
      spread(of.map(({ taken }) => taken.servers)),
      spread(
        of.map(({ taken }) => taken.peak),
        0,
      ),
    ];
    const lines = [[name, ...figures(({ taken }) => taken.seconds)]];
    if (name !== names.landing) return lines;
    lines.push(["– without its verification", ...figures(landed).slice(0, 2)]);
    const phases = new Set(runs.flatMap(({ taken }) => ("phases" in taken ? [...taken.phases.keys()] : [])));
    for (const one of phases) lines.push([`– ${one}`, spread(runs.map((run) => phase(run, one)))]);
    return lines;
  });
  const heading = [
    `${systems[engine]} from ${engine}`,
    "seconds",
    "1000 rows/s",
    "CPU s client",
    "CPU s servers",
    "peak MB",
  ];
  const aims = aimsOf(engine, tallies, options).map(judged);
  return [markdown(heading, rows), markdown(["aim", "ratio", "wanted", ""], aims)].join("\n\n");
}

function aimsOf(engine: Engine, tallies: readonly Tally[], options: Options): Aim[] {
  const runsOf = (name: string): readonly Run[] => tallies.find((tally) => tally.name === name)?.runs ?? [];
  const own = runsOf(names.landing);
  const memory: Aim = { what: "peak memory of the landing, MB", ratios: own.map(({ taken }) => taken.peak), most: 150 };
  if (options.memory) return [memory];
  /** Ours by theirs, round by round. */
  const ratio = (ours: readonly Run[], theirs: readonly Run[], of: (one: Run, other: Run) => number): number[] =>
    ours.flatMap((one) => theirs.filter(({ round }) => round === one.round).map((other) => of(one, other)));
  const verification: Aim = {
    what: "verification / landing without it",
    ratios: own.map((run) => phase(run, "verifying") / landed(run)),
    most: 0.15,
  };
  const extract = runsOf(names.extract);
  const speed = (one: Run, other: Run): number => one.rows / one.taken.seconds / (other.rows / other.taken.seconds);
  const wholeSpeed = (one: Run, other: Run): number => one.rows / landed(one) / (other.rows / other.taken.seconds);
  if (engine === "postgresql") {
    return [
      {
        what: "rate of the extract / of the psql pipe",
        ratios: ratio(extract, runsOf(names.pipe.postgresql), speed),
        least: 0.9,
      },
      {
        what: "landing / pgcopydb's clone",
        ratios: ratio(own, runsOf(names.pgcopydb), (one, other) => landed(one) / other.taken.seconds),
        most: 1,
      },
      verification,
      memory,
    ];
  }
  const times = engine === "mariadb" ? 3.5 : 4;
  return [
    { what: "rate of the landing / of pgloader", ratios: ratio(own, runsOf(names.pgloader), wholeSpeed), least: times },
    { what: "rate of the extract / of pgloader", ratios: ratio(extract, runsOf(names.pgloader), speed), least: times },
    {
      what: "rate of the extract / of pgloader, the same tables",
      ratios: ratio(extract, runsOf(names.pgloaderExtract), speed),
      least: times,
    },
    verification,
    memory,
  ];
}

try {
  const options = readOptions(process.argv.slice(2));
  await startPostgres(target);
  const [version] = await ask<{ version: string }>({ ...target, database: "postgres" }, "SHOW server_version");
  const tables: string[] = [];
  for (const engine of options.engines) tables.push(await bench(engine, options));
  const machine = `${cpus().length.toString()} × ${cpus()[0]?.model ?? "?"}, ${(totalmem() / 2 ** 30).toFixed(0)} GB; load at the end ${load()}`;
  process.stdout.write(
    `\nPostgreSQL ${Object.values(version ?? {}).join()}, ${machine}; ${options.rounds.toString()} interleaved rounds; median (lowest–highest)\n\n${tables.join("\n\n")}\n`,
  );
} catch (error) {
  tell(error instanceof Error ? (error.stack ?? error.message) : String(error));
  if (error instanceof Error && error.message.startsWith("--")) tell(usage);
  process.exitCode = 1;
} finally {
  stopServers();
}
