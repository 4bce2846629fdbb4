import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { home } from "./ground.ts";

/** What one run of a program took. */
export interface Taken {
  readonly seconds: number;
  /** CPU seconds of the program and of all that it started. */
  readonly client: number;
  /** CPU seconds of the servers, meanwhile. */
  readonly servers: number;
  /** Peak resident memory of the largest of the program's processes, in MB. */
  readonly peak: number;
  /** What the program printed. */
  readonly output: string;
}

const longest = 45 * 60_000;

/**
 * Runs a line of shell and measures it. Standard output is kept; standard error goes to the end of a file.
 * @throws with the last lines of what it said when it fails, or takes longer than three quarters of an hour
 */
export async function timed(line: string, environment: Readonly<Record<string, string>> = {}): Promise<Taken> {
  const [figures, printed, said] = ["figures", "printed", "said"].map((name) => join(home, name)) as [
    string,
    string,
    string,
  ];
  const outputs = [openSync(printed, "w"), openSync(said, "w")];
  const before = containerSeconds();
  const started = performance.now();
  const child = spawn(
    "/usr/bin/time",
    ["--output", figures, "--format", "%U %S %M", "bash", "-o", "pipefail", "-euc", line],
    {
      stdio: ["ignore", ...outputs],
      env: { PATH: process.env["PATH"], HOME: home, TMPDIR: "/tmp", ...environment },
      timeout: longest,
      killSignal: "SIGKILL",
    },
  );
  const [code] = (await once(child, "close")) as [number | null];
  const seconds = (performance.now() - started) / 1000;
  const after = containerSeconds();
  outputs.forEach(closeSync);
  const output = readFileSync(printed, "utf8");
  if (code !== 0) {
    const words = `${output}\n${readFileSync(said, "utf8")}`.trim().split("\n").slice(-12).join("\n");
    throw new Error(`"${line.slice(0, 120)}" ended with ${String(code)}: ${words}`);
  }
  const [user = 0, system = 0, kilobytes = 0] = (readFileSync(figures, "utf8").trim().split("\n").at(-1) ?? "")
    .split(" ")
    .map(Number);
  const client = user + system;
  return { seconds, client, servers: Math.max(0, after - before - client), peak: kilobytes / 1024, output };
}

const ticks = 100;

/**
 * CPU seconds of everything in the container so far but this very process: of those that run, and, through whoever
 * waited for them, of those that have ended.
 */
function containerSeconds(): number {
  let sum = 0;
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const [, after = ""] = /^.*\) (.*)$/s.exec(readFileSync(`/proc/${name}/stat`, "utf8")) ?? [];
      const [user = 0, system = 0, childrensUser = 0, childrensSystem = 0] = after.split(" ").slice(11, 15).map(Number);
      sum += childrensUser + childrensSystem + (name === process.pid.toString() ? 0 : user + system);
    } catch {
      // It ended while we looked; whoever waits for it has its figures.
    }
  }
  return sum / ticks;
}
