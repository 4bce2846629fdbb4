import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { projectRoot } from "../../images/files.ts";
import type { Cloud } from "../../rehearsal/cloud/cloud.ts";
import { openCloud } from "../../rehearsal/cloud/open.ts";
import { removeCloud } from "../../rehearsal/cloud/remove.ts";
import { engine } from "./docker.ts";
import { randomNumbers } from "./random.ts";
import { until } from "./until.ts";

const settingsFile = z.object({ config: z.record(z.string(), z.unknown()) });
const reportFile = z.object({
  totals: z.object({ passed: z.number(), failed: z.number() }),
  results: z.array(z.object({ id: z.string(), where: z.string(), passed: z.boolean(), found: z.string() })),
});

/** How a command ended, with all that it printed. */
export interface CommandResult {
  readonly exitCode: number | null;
  readonly output: string;
}

/** A rehearsal by the command that people use, of a stack's own settings file or of one that differs in a few. */
export class Rehearsal {
  readonly stack: string;
  /** Everything that its commands have printed. */
  transcript = "";
  private readonly file: string;
  private readonly report: string;
  private readonly original: Readonly<Record<string, unknown>>;
  /** What the command is given besides, for example `["--servers", "app=2"]`. */
  options: readonly string[];

  /**
   * @param source the settings file, for example `Pulumi.staging.yaml`
   * @param options what the command is given besides
   */
  constructor(stack: string, source: string, options: readonly string[] = []) {
    this.stack = stack;
    this.options = options;
    const folder = join(projectRoot, ".landfall", "test");
    mkdirSync(folder, { recursive: true });
    this.file = join(folder, `Pulumi.${stack}.yaml`);
    this.report = join(folder, `${stack}-report.json`);
    this.original = settingsFile.parse(parse(readFileSync(join(projectRoot, source), "utf8"))).config;
    this.configure({});
  }

  /** The cloud that it is rehearsed on. */
  cloud(): Promise<Cloud> {
    return openCloud(this.stack);
  }

  /** The servers of the settings file. */
  get servers(): Record<string, unknown>[] {
    return z.array(z.record(z.string(), z.unknown())).parse(this.original["landfall:servers"]);
  }

  /** A section of the settings file. */
  setting(section: string): unknown {
    return this.original[`landfall:${section}`];
  }

  /** Takes the settings file as it is, but for these sections, and for these settings of its first server. */
  configure(changes: Readonly<Record<string, unknown>>, ofServer: Readonly<Record<string, unknown>> = {}): void {
    const [server, ...others] = this.servers;
    const all: Readonly<Record<string, unknown>> = { servers: [{ ...server, ...ofServer }, ...others], ...changes };
    const changed = Object.fromEntries(Object.entries(all).map(([key, value]) => [`landfall:${key}`, value]));
    writeFileSync(this.file, stringify({ config: { ...this.original, ...changed } }));
  }

  /** Takes down what runs of these tests that were cut off have left up: it has the addresses that the next one needs. */
  async clearGround(): Promise<void> {
    await this.run("--down");
    const networks = await engine.listNetworks({ filters: { label: ["landfall.rehearsal"] } });
    const stacks = new Set(networks.map(({ Labels }) => Labels?.["landfall.rehearsal"] ?? ""));
    for (const stack of stacks) if (stack.endsWith("-test")) await removeCloud(await openCloud(stack));
  }

  /** Starts to build it, or to bring it up to date, and to check it. */
  start(): ChildProcess {
    return this.spawn(["--keep", "--config-file", this.file, "--report", this.report, ...this.options]);
  }

  /** Builds it, or brings it up to date, and checks it. */
  build(): Promise<CommandResult> {
    return this.result(this.start());
  }

  /**
   * Starts to bring it up to date and kills all of it, so many times, each after a random number of steps of the update.
   * Each goes on where the one before was; one that ends well before its kill is taken down, and the next begins anew.
   *
   * @throws when an update fails before it is killed
   */
  async kill({ kills, steps, seed }: { kills: number; steps: number; seed: number }): Promise<void> {
    const random = randomNumbers(seed);
    for (let kill = 1; kill <= kills;) {
      const before = this.transcript.length;
      const child = this.start();
      const closed = once(child, "close");
      // Counted from the update's first line on, so that the moments are spread over all that there is to make.
      const wanted = random(steps);
      const begun = (): boolean => {
        const [, update] = this.transcript.slice(before).split("Updating (");
        return update !== undefined && (update.match(/ (creating|created) /g) ?? []).length >= wanted;
      };
      const what = `kill ${String(kill)} after ${String(wanted)} steps`;
      await until(what, () => Promise.resolve(child.exitCode !== null || begun()), 600);
      if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      await closed;
      if (child.signalCode === "SIGKILL") kill += 1;
      else if (child.exitCode === 0) await this.run("--down");
      else throw new Error(`${what}: it failed before.\n${this.transcript.slice(before)}`);
    }
  }

  /** Runs another command of the rehearsal. */
  run(...args: readonly string[]): Promise<CommandResult> {
    return this.result(this.spawn(args));
  }

  /** The checks of the last report that failed, and how many there were. */
  lastReport(): { failed: string[]; checks: number } {
    const { results } = reportFile.parse(JSON.parse(readFileSync(this.report, "utf8")));
    const failed = results.filter(({ passed }) => !passed).map(({ id, where, found }) => `${id} (${where}): ${found}`);
    return { failed, checks: results.length };
  }

  /** A process in a group of its own, so that all of it can be killed. */
  private spawn(args: readonly string[]): ChildProcess {
    const program = join(projectRoot, "node_modules/.bin/node");
    const child = spawn(program, [join(projectRoot, "rehearsal/rehearse.ts"), this.stack, ...args], {
      cwd: projectRoot,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (this.transcript += text));
    }
    return child;
  }

  private async result(child: ChildProcess): Promise<CommandResult> {
    const before = this.transcript.length;
    await once(child, "close");
    return { exitCode: child.exitCode, output: this.transcript.slice(before) };
  }
}
