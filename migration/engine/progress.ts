import type pg from "pg";
import type { Logger } from "pino";
import type { ProgressObserver } from "../progress/progress.ts";
import type { Profile } from "../sources/source.ts";
import type { ChunkResult } from "../target/chunk.ts";
import type { StoredChunk } from "../target/runs.ts";
import { updateFigures } from "../target/status.ts";
import type { Task } from "./schedule.ts";

export interface ProgressOptions {
  readonly control: pg.Client;
  readonly system: string;
  readonly runId: string;
  /** Profiles of the tables whose rows land as rows. */
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly chunks: readonly StoredChunk[];
  readonly observer: ProgressObserver;
  readonly log: Logger;
}

const secondsBetweenLines = 2;

/** Keeps the status rows and the log up to date while chunks arrive. */
export class Progress {
  readonly #options: ProgressOptions;
  readonly #started = performance.now();
  readonly #total: number;
  readonly #tables = new Map<string, { rows: number; bytes: number }>();
  #done: number;
  #rowsHere = 0;
  #lastLine = performance.now();
  #update: Promise<void> = Promise.resolve();
  #updates = 0;

  constructor(options: ProgressOptions) {
    this.#options = options;
    for (const { source, rows, quarantined, bytes } of options.chunks) this.#count(source, rows + quarantined, bytes);
    this.#total = [...options.profiles.values()].reduce((sum, { rows }) => sum + rows, 0);
    this.#done = options.chunks
      .filter(({ source }) => options.profiles.has(source))
      .reduce((sum, { rows, quarantined }) => sum + rows + quarantined, 0);
    // Every table at once, with what an interrupted run has copied of it: whoever watches then knows the whole.
    for (const [table, { rows: of }] of options.profiles) {
      const so = this.#tables.get(table) ?? { rows: 0, bytes: 0 };
      options.observer.table({ system: options.system, table, phase: "copying", of, ...so });
    }
  }

  /** Takes note of a chunk. Resolves when the status rows say so, unless a later chunk's figures will. */
  async add(task: Task, result: ChunkResult): Promise<void> {
    if (this.#options.profiles.has(task.table.source)) {
      this.#done += result.rows + result.quarantined;
      this.#rowsHere += result.rows + result.quarantined;
    }
    const { system, observer, profiles } = this.#options;
    const table = task.table.source;
    const so = this.#count(table, result.rows + result.quarantined, result.bytes);
    observer.table({ system, table, phase: "copying", of: profiles.get(table)?.rows ?? so.rows, ...so });
    this.#options.log.debug({ table: task.table.source, chunk: task.chunk.number, rows: result.rows }, "chunk copied");
    if (performance.now() - this.#lastLine > secondsBetweenLines * 1000) this.#line();
    await this.#write();
  }

  /** Waits until the status rows are up to date. */
  async finish(): Promise<void> {
    await this.#write();
    this.#line();
  }

  async #write(): Promise<void> {
    const mine = ++this.#updates;
    this.#update = this.#update.then(async () => {
      // The figures come from the checkpoints, so the last of several that wait says it all.
      if (mine !== this.#updates) return;
      const { control, system, runId } = this.#options;
      await updateFigures(control, system, { runId, rowsHere: this.#rowsHere, seconds: this.#seconds });
    });
    await this.#update;
  }

  #count(table: string, rows: number, bytes: number): { rows: number; bytes: number } {
    const before = this.#tables.get(table) ?? { rows: 0, bytes: 0 };
    const now = { rows: before.rows + rows, bytes: before.bytes + bytes };
    this.#tables.set(table, now);
    return now;
  }

  get #seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }

  #line(): void {
    this.#lastLine = performance.now();
    const rate = this.#rowsHere / Math.max(this.#seconds, 0.001);
    const left = rate > 0 ? Math.max(this.#total - this.#done, 0) / rate : undefined;
    this.#options.log.info(
      {
        rows: this.#done,
        of: this.#total,
        rowsPerSecond: Math.round(rate),
        secondsLeft: left === undefined ? null : Math.round(left),
      },
      `copied ${this.#done.toString()} of ${this.#total.toString()} rows`,
    );
  }
}
