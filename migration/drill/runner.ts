import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));

/** What a runner is busy with before its first phase: it opens the source and brings the schema up. */
export const starting = "starting";

/** When a phase began, in milliseconds since the runner was started. */
export interface PhaseStart {
  readonly phase: string;
  readonly at: number;
}

/** The command that moves a system, in a process of its own that can be killed. */
export class DrillRunner {
  readonly phases: PhaseStart[] = [{ phase: starting, at: 0 }];
  /** Resolves with the exit code, or null when a signal ended it. */
  readonly exit: Promise<number | null>;
  readonly #child: ChildProcess;
  readonly #began = performance.now();
  readonly #waiting: { readonly phase: string; readonly resolve: () => void }[] = [];
  #lastWord = "";
  #unplain = "";

  /** @param environment all that the command is told; it inherits nothing but the path */
  constructor(environment: Readonly<Record<string, string>>) {
    this.#child = spawn(process.execPath, [main, "run"], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env["PATH"] ?? "", NODE_NO_WARNINGS: "1", LOG_LEVEL: "debug", ...environment },
    });
    this.exit = once(this.#child, "close").then(([code]) => code as number | null);
    if (this.#child.stdout !== null) {
      createInterface(this.#child.stdout).on("line", (line) => {
        this.#hear(line);
      });
    }
    this.#child.stderr?.on("data", (data: Buffer) => (this.#unplain += data.toString("utf8")));
  }

  /** The phase that it is in. */
  get phase(): string {
    return this.phases.at(-1)?.phase ?? starting;
  }

  /** The last line of its log. */
  get lastWord(): string {
    return this.#lastWord;
  }

  /** What it wrote beside its log: nothing, unless it came to an end that nobody had thought of. */
  get unplain(): string {
    return this.#unplain.trim();
  }

  /** Resolves when a phase has begun, or at the end of the process. */
  async enters(phase: string): Promise<void> {
    if (this.phases.some((one) => one.phase === phase)) return;
    const begun = new Promise<void>((resolve) => this.#waiting.push({ phase, resolve }));
    await Promise.race([this.exit, begun]);
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  #hear(text: string): void {
    const line = JSON.parse(text) as { readonly msg: string; readonly phase?: string };
    this.#lastWord = line.msg;
    if (line.phase === undefined) return;
    this.phases.push({ phase: line.phase, at: performance.now() - this.#began });
    for (const { phase, resolve } of this.#waiting) if (phase === line.phase) resolve();
  }
}
