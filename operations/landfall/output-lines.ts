import { Meter } from "@landfall/migration/progress/meter";
import type { FilesProgress, Phase, TableProgress } from "@landfall/migration/progress/progress";
import { messageOf, type Output } from "./output.ts";
import { phaseName, plainLine } from "./progress-text.ts";
import { visible } from "./visible.ts";

/** Milliseconds between two lines. */
const pause = 2000;

/** Plain lines, for where there is no terminal. `write` takes a line without its end, `now` gives milliseconds. */
export class LinesOutput implements Output {
  readonly logLevel = "warn";
  readonly #write: (line: string) => void;
  readonly #now: () => number;
  readonly #meter: Meter;
  #last: number;

  constructor(write: (line: string) => void, now: () => number = () => performance.now()) {
    this.#write = write;
    this.#now = now;
    this.#meter = new Meter(now);
    this.#last = now();
  }

  phase(system: string, phase: Phase): void {
    this.#meter.phase(system, phase);
    this.#last = this.#now();
    this.#write(`${system}: ${phaseName(phase)}`);
  }

  table(progress: TableProgress): void {
    this.#meter.table(progress);
    this.#line();
  }

  files(progress: FilesProgress): void {
    this.#meter.files(progress);
    this.#line();
  }

  note(system: string, text: string): void {
    this.#write(`${system}: ${visible(text)}`);
  }

  log(line: string): void {
    const message = messageOf(line);
    if (message !== undefined) this.#write(visible(message));
  }

  say(text: string): void {
    this.#write(text);
  }

  close(): void {
    // Lines do not move.
  }

  #line(): void {
    if (this.#now() - this.#last < pause) return;
    this.#last = this.#now();
    this.#write(plainLine(this.#meter.read()));
  }
}
