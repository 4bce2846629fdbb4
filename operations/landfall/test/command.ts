import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { root } from "@landfall/tools/paths";
import type { TestDatabase } from "../../../test/services/services.ts";

/** What a command left behind. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly errors: readonly string[];
}

/** A database as the command line takes it. */
export const urlOf = ({ host, port, user, password, database }: TestDatabase): string =>
  `postgresql://${user}:${encodeURIComponent(password)}@${host}:${port.toString()}/${database}`;

/** `landfall` in a process of its own, with a home of its own for what a clone keeps. */
export class Command {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly ended: Promise<Ended>;
  readonly #errors: string[] = [];
  readonly #watchers: { text: string; resolve: () => void }[] = [];

  constructor(args: readonly string[], of: { home: string; environment?: Record<string, string>; launcher?: boolean }) {
    const program = of.launcher === true ? "operations/landfall.mjs" : "operations/landfall.ts";
    this.child = spawn(process.execPath, [join(root, program), ...args], {
      cwd: of.home,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: process.env["PATH"] ?? "",
        NODE_NO_WARNINGS: "1",
        LANDFALL_REHEARSAL: of.home,
        RELEASE: "test",
        ...of.environment,
      },
    });
    createInterface(this.child.stderr).on("line", (line) => {
      this.#errors.push(line);
      for (const watcher of this.#watchers) if (line.includes(watcher.text)) watcher.resolve();
    });
    const stdout = text(this.child.stdout);
    this.ended = once(this.child, "close").then(async ([code]) => ({
      code: code as number | null,
      stdout: await stdout,
      errors: this.#errors,
    }));
  }

  /** Resolves at the first line on stderr with a text, or at the end of the process. */
  async says(text: string): Promise<void> {
    if (this.#errors.some((line) => line.includes(text))) return;
    await Promise.race([
      this.ended,
      new Promise<void>((resolve) => {
        this.#watchers.push({ text, resolve });
      }),
    ]);
  }
}

/** A folder to call commands in, and what takes it away. */
export function home(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "landfall-home-"));
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}
