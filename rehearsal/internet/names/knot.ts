import { execFile, spawn } from "node:child_process";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { scratchFolder } from "../places.ts";

const run = promisify(execFile);

/** Zones by their names, each in the form of a master file. */
export type ZoneFiles = Readonly<Record<string, string>>;

/** An authoritative DNS server that runs. */
export interface NameServer {
  /** Lets it answer from changed zones. Resolves when it does. */
  change(zones: ZoneFiles): Promise<void>;
  /** Lets it answer from these zones and no others. Resolves when it does. */
  replace(zones: ZoneFiles): Promise<void>;
}

/** For the server to start, on a machine that is busy. */
const startSeconds = 60;

const folder = join(scratchFolder, "knot");
const configuration = join(folder, "knot.conf");

/** Knot's configuration: every zone from its file, read whole, nothing kept beside it. */
export function knotConfiguration(zones: readonly string[]): string {
  return `server:
  rundir: ${folder}
  listen: 0.0.0.0@53
  udp-workers: 1
  tcp-workers: 1
  background-workers: 1
database:
  storage: ${folder}/database
log:
  - target: stderr
    any: warning
template:
  - id: default
    storage: ${folder}/zones
    file: "%s.zone"
    zonefile-sync: -1
    zonefile-load: whole
    journal-content: none
zone:
${zones.map((zone) => `  - domain: ${zone}\n`).join("")}`;
}

/**
 * Starts an authoritative DNS server. The process ends when it ends.
 *
 * @param first the zones as they are now; one at least
 */
export function startNameServer(first: ZoneFiles): NameServer {
  mkdirSync(join(folder, "zones"), { recursive: true });
  mkdirSync(join(folder, "database"), { recursive: true });
  let served: readonly string[] = Object.keys(first);
  writeZones(first);
  writeWhole(configuration, knotConfiguration(served));
  const server = spawn("knotd", ["--config", configuration], { stdio: "inherit" });
  server.on("exit", (code) => {
    console.error(`knotd ended with ${String(code)}.`);
    process.exit(1);
  });
  let turn: Promise<unknown> = awaitStart();
  turn.catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
  const inTurn = (work: () => Promise<unknown>): Promise<void> => {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done.then(() => undefined);
  };
  return {
    change: (zones) => {
      writeZones(zones);
      return inTurn(() => order("zone-reload", ...Object.keys(zones)));
    },
    replace: (zones) =>
      inTurn(async () => {
        const names = Object.keys(zones);
        writeZones(zones);
        if (names.join() !== served.join()) {
          writeWhole(configuration, knotConfiguration(names));
          await order("reload");
          served = names;
        }
        await order("zone-reload", ...names);
      }),
  };
}

function order(...command: string[]): Promise<unknown> {
  return run("knotc", ["--config", configuration, "--blocking", ...command]);
}

/** Waits until the server takes orders; before, it has no socket for them. */
async function awaitStart(): Promise<void> {
  const end = Date.now() + startSeconds * 1000;
  for (;;) {
    try {
      await order("status");
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await pause(50);
    }
  }
}

function writeZones(zones: ZoneFiles): void {
  for (const [zone, content] of Object.entries(zones)) writeWhole(join(folder, "zones", `${zone}.zone`), content);
}

function writeWhole(path: string, content: string): void {
  writeFileSync(`${path}.new`, content);
  renameSync(`${path}.new`, path);
}
