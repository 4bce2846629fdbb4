import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { TestDatabase } from "../../test/services/services.ts";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));

interface Line {
  readonly msg: string;
  readonly level: string;
}

/** The command in a process of its own, as the container runs it. */
export class Runner {
  readonly child: ChildProcess;
  readonly lines: Line[] = [];
  readonly exit: Promise<number | null>;
  readonly #watchers: { wanted: (line: Line) => boolean; resolve: () => void }[] = [];

  constructor(source: TestDatabase, target: TestDatabase, settings: Record<string, string> = {}) {
    const folder = mkdtempSync(join(tmpdir(), "landfall-runner-"));
    const secret = (name: string, value: string): string => {
      writeFileSync(join(folder, name), `${value}\n`, { mode: 0o600 });
      return join(folder, name);
    };
    const database = (prefix: string, of: TestDatabase) => ({
      [`${prefix}_HOST`]: of.host,
      [`${prefix}_PORT`]: String(of.port),
      [`${prefix}_NAME`]: of.database,
      [`${prefix}_USER`]: of.user,
      [`${prefix}_PASSWORD_FILE`]: secret(prefix, of.password),
    });
    this.child = spawn(process.execPath, [main, "run"], {
      stdio: ["ignore", "pipe", "inherit"],
      env: {
        PATH: process.env["PATH"] ?? "",
        LOG_LEVEL: "debug",
        MIGRATION_SYSTEMS: "learnmore",
        MIGRATION_CHUNK_ROWS: "200",
        REPORT_PATH: join(folder, "report.json"),
        ROLLBACK_DIRECTORY: "",
        RELEASE: "test",
        ...database("DB", target),
        ...database("SOURCE_LEARNMORE", source),
        ...settings,
      },
    });
    this.exit = once(this.child, "close").then(([code]) => {
      rmSync(folder, { recursive: true, force: true });
      return code as number | null;
    });
    if (this.child.stdout !== null) {
      createInterface(this.child.stdout).on("line", (text) => {
        const line = JSON.parse(text) as Line;
        this.lines.push(line);
        for (const watcher of this.#watchers) if (watcher.wanted(line)) watcher.resolve();
      });
    }
  }

  /** Resolves at the first line that says `text`, or at the end of the process. */
  async says(text: string): Promise<void> {
    await this.#waitFor((line) => line.msg.includes(text));
  }

  /** Resolves when `count` chunks have been copied, or at the end of the process. */
  async copies(count: number): Promise<void> {
    let copied = 0;
    await this.#waitFor((line) => line.msg === "chunk copied" && ++copied >= count);
  }

  get lastLine(): string {
    return this.lines.at(-1)?.msg ?? "";
  }

  async #waitFor(wanted: (line: Line) => boolean): Promise<void> {
    if (this.lines.some(wanted)) return;
    await Promise.race([
      this.exit,
      new Promise<void>((resolve) => {
        this.#watchers.push({ wanted, resolve });
      }),
    ]);
  }
}
