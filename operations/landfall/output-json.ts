import { Meter } from "@landfall/migration/progress/meter";
import type { FilesProgress, Phase, TableProgress } from "@landfall/migration/progress/progress";
import type { Output } from "./output.ts";

/** Milliseconds between two lines of figures. */
const pause = 2000;

/** JSON lines, for machines: `{"event": "phase" | "progress" | "note" | "log", …}`. `write` takes a line without its end. */
export class JsonOutput implements Output {
  readonly logLevel = "info";
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
    this.#tell({ event: "phase", system, phase });
  }

  table(progress: TableProgress): void {
    this.#meter.table(progress);
    this.#figures();
  }

  files(progress: FilesProgress): void {
    this.#meter.files(progress);
    this.#figures();
  }

  note(system: string, text: string): void {
    this.#tell({ event: "note", system, text });
  }

  log(line: string): void {
    const parsed: unknown = JSON.parse(line);
    this.#tell({ event: "log", ...(typeof parsed === "object" ? parsed : {}) });
  }

  say(text: string): void {
    this.#tell({ event: "note", text });
  }

  close(): void {
    // Lines do not move.
  }

  #figures(): void {
    if (this.#now() - this.#last < pause) return;
    this.#last = this.#now();
    this.#tell({ event: "progress", ...this.#meter.read() });
  }

  #tell(line: object): void {
    this.#write(JSON.stringify({ at: new Date().toISOString(), ...line }));
  }
}
