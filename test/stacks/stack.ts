import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import type { z } from "zod";
import { stringify } from "yaml";
import { projectRoot } from "../../images/files.ts";
import type { settingsSchema } from "../../infra/settings/settings.ts";

/** Settings as a person writes them. */
export type WrittenSettings = z.input<typeof settingsSchema>;

/** How a command of Pulumi's ended, with all that it printed. */
export interface CommandResult {
  readonly exitCode: number | null;
  readonly output: string;
  /** The part of it that tells what went wrong; empty when nothing did. */
  readonly diagnostics: string;
}

/** A stack of the real program on the real engine, with settings of its own. */
export class Stack {
  readonly name: string;
  readonly httpPort: number;
  readonly httpsPort: number;
  /** Everything that commands of this stack have printed. */
  transcript = "";
  private readonly file: string;

  private constructor(name: string, ports: readonly [number, number]) {
    this.name = name;
    [this.httpPort, this.httpsPort] = ports;
    const folder = join(projectRoot, ".landfall", "test");
    mkdirSync(folder, { recursive: true });
    this.file = join(folder, `Pulumi.${name}.yaml`);
  }

  /** A stack with free ports; nothing is made yet. */
  static async create(name: string): Promise<Stack> {
    const stack = new Stack(name, await freePorts());
    stack.configure({});
    return stack;
  }

  /** Where its proxy answers. */
  get url(): string {
    return `https://localhost:${String(this.httpsPort)}`;
  }

  /** Writes its settings: those of the local environment, with what differs. */
  configure(changes: Partial<WrittenSettings>): void {
    const settings: Partial<WrittenSettings> = {
      servers: [{ name: "test", platform: "engine-at-hand", roles: ["edge", "app", "database", "cache"] }],
      hosts: ["localhost"],
      // Every migrated user signs in from one address.
      proxy: {
        httpPort: this.httpPort,
        httpsPort: this.httpsPort,
        signInRateLimit: { perMinute: 60_000, burst: 5000 },
      },
      migration: { sources: { learnmore: { kind: "sample" } } },
      ...changes,
    };
    this.write(settings);
  }

  /** Writes any settings, right or wrong. */
  write(settings: Readonly<Record<string, unknown>>): void {
    const config = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`landfall:${key}`, value]));
    writeFileSync(this.file, stringify({ config }));
  }

  /** Starts a command of Pulumi's on this stack. */
  start(...args: readonly string[]): ChildProcess {
    return this.spawn("node_modules/.bin/pulumi", [...args, "--non-interactive", "--color", "never"]);
  }

  /** Starts what `npm start` runs, for this stack. */
  npmStart(): ChildProcess {
    return this.spawn("node_modules/.bin/node", ["operations/start.ts"]);
  }

  /** Runs what `npm start`, `npm stop` or `npm run destroy` runs to its end. */
  async npm(command: "start" | "stop" | "destroy"): Promise<CommandResult> {
    const confirmation = command === "destroy" ? [`--yes-destroy=${this.name}`] : [];
    const child = this.spawn("node_modules/.bin/node", [`operations/${command}.ts`, ...confirmation]);
    return this.result(child, this.transcript.length);
  }

  /** A process in a group of its own, so that all of it can be killed. */
  private spawn(program: string, args: readonly string[]): ChildProcess {
    const child = spawn(join(projectRoot, program), [...args, "--stack", this.name, "--config-file", this.file], {
      cwd: projectRoot,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (this.transcript += text));
    }
    return child;
  }

  /** Runs a command of Pulumi's on this stack to its end. */
  async run(...args: readonly string[]): Promise<CommandResult> {
    return this.result(this.start(...args), this.transcript.length);
  }

  private async result(child: ChildProcess, before: number): Promise<CommandResult> {
    await once(child, "close");
    const output = this.transcript.slice(before);
    const told = /^Diagnostics:\n([^]*?)(?:^Outputs:|^Resources:|$(?![^]))/m.exec(output)?.[1] ?? "";
    // A gate that waits longer tells there how far it is, which is nothing wrong.
    const diagnostics = /^\s*(error|warning):/m.test(told) ? told.trim() : "";
    return { exitCode: child.exitCode, output, diagnostics };
  }

  /** `pulumi up`, drift repaired. */
  up(...args: readonly string[]): Promise<CommandResult> {
    return this.run("up", "--yes", "--refresh", "--skip-preview", ...args);
  }

  /** An output of the stack. */
  async output(name: string): Promise<string> {
    const { stdout } = await this.capture("stack", "output", name, "--show-secrets");
    return stdout.replace(/\n$/, "");
  }

  /** The whole state with its secrets in clear. For looking for them elsewhere; never printed. */
  async export(): Promise<string> {
    return (await this.capture("stack", "export", "--show-secrets")).stdout;
  }

  /** Removes the stack with all that it made, data included; images stay for the next one. */
  async remove(): Promise<CommandResult> {
    await this.capture("state", "unprotect", "--all", "--yes");
    const result = await this.run("destroy", "--yes", "--skip-preview");
    if (result.exitCode === 0) await this.capture("stack", "rm", "--yes");
    return result;
  }

  private async capture(...args: readonly string[]): Promise<{ stdout: string }> {
    const child = spawn(join(projectRoot, "node_modules/.bin/pulumi"), [...args, "--stack", this.name], {
      cwd: projectRoot,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    await once(child, "close");
    if (child.exitCode !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${String(child.exitCode)}`);
    return { stdout };
  }
}

/**
 * Two ports that nobody listens on. None of those that the system gives to outgoing connections, or one of these could
 * take them while nothing listens there: see ip_local_port_range in ip(7).
 */
async function freePorts(): Promise<[number, number]> {
  const first = await freePort();
  const second = await freePort();
  return first === second ? freePorts() : [first, second];
}

async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_768);
    const server = createServer();
    const listening = once(server, "listening").then(
      () => true,
      () => false,
    );
    server.listen(port, "127.0.0.1");
    if (!(await listening)) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}
