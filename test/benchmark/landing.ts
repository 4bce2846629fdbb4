import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { home, mariadb, source, sqlitePath, systems, target, type Engine } from "./ground.ts";
import { timed, type Taken } from "./timed.ts";

/** A whole landing, and the seconds of each of its phases. */
export interface Landing extends Taken {
  readonly phases: ReadonlyMap<string, number>;
}

const passwordFile = join(home, "password");

/** Lands the engine's system as it is shipped: one file, settings by environment, two workers. */
export async function land(engine: Engine): Promise<Landing> {
  writeFileSync(passwordFile, mariadb.password ?? "", { mode: 0o600 });
  const from = engine === "mariadb" ? mariadb : source;
  const prefix = `SOURCE_${systems[engine].toUpperCase()}`;
  const environment = {
    ...server("DB", target),
    ...(engine === "sqlite" ? { [`${prefix}_PATH`]: sqlitePath } : server(prefix, from)),
    MIGRATION_SYSTEMS: systems[engine],
    MIGRATION_WORKERS: "2",
    REPORT_PATH: join(home, "report.json"),
    ROLLBACK_DIRECTORY: "",
    RELEASE: "benchmark",
    LOG_LEVEL: "debug",
    // As images/migration has them.
    NODE_OPTIONS: "--max-semi-space-size=1",
    MALLOC_ARENA_MAX: "1",
  };
  const begun = Date.now();
  const taken = await timed("exec node /srv/migration/main.mjs run", environment);
  return { ...taken, phases: phasesOf(taken, begun) };
}

const server = (
  prefix: string,
  { host, port, user, database = "" }: { host: string; port: number; user: string; database?: string },
): Record<string, string> => ({
  [`${prefix}_HOST`]: host,
  [`${prefix}_PORT`]: port.toString(),
  [`${prefix}_NAME`]: database,
  [`${prefix}_USER`]: user,
  [`${prefix}_PASSWORD_FILE`]: passwordFile,
});

interface LogLine {
  readonly time: string;
  readonly phase?: string;
}

/** From the lines that say where a phase begins; what comes before the first is the start. */
function phasesOf({ output, seconds }: Taken, begun: number): Map<string, number> {
  const phases = new Map<string, number>();
  let [name, since] = ["start", begun];
  const end = (at: number): void => {
    phases.set(name, (phases.get(name) ?? 0) + (at - since) / 1000);
  };
  for (const text of output.split("\n")) {
    if (!text.startsWith("{")) continue;
    const line = JSON.parse(text) as LogLine;
    if (line.phase === undefined) continue;
    const at = Date.parse(line.time);
    end(at);
    [name, since] = [line.phase, at];
  }
  end(begun + seconds * 1000);
  return phases;
}
