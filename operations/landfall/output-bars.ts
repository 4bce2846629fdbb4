import type { WriteStream } from "node:tty";
import { Meter } from "@landfall/migration/progress/meter";
import type { FilesProgress, Phase, TableProgress } from "@landfall/migration/progress/progress";
import { createLogUpdate } from "log-update";
import { messageOf, type Output } from "./output.ts";
import { frame } from "./progress-text.ts";
import { visible } from "./visible.ts";

/** Milliseconds between two pictures. */
const pause = 100;

/** Progress bars on a terminal, redrawn in place; notes stay above them. */
export class BarsOutput implements Output {
  readonly logLevel = "warn";
  readonly #terminal: WriteStream;
  readonly #meter = new Meter();
  readonly #timer: NodeJS.Timeout;
  readonly #onResize = (): void => {
    this.#eraseReflowed();
    this.#draw();
  };
  #picture: ReturnType<typeof createLogUpdate>;
  #shown: readonly string[] = [];
  #begun = false;

  constructor(terminal: WriteStream) {
    this.#terminal = terminal;
    this.#picture = createLogUpdate(terminal);
    this.#timer = setInterval(() => {
      this.#draw();
    }, pause).unref();
    terminal.on("resize", this.#onResize);
  }

  phase(system: string, phase: Phase): void {
    this.#begun = true;
    this.#meter.phase(system, phase);
    this.#draw();
  }

  table(progress: TableProgress): void {
    this.#meter.table(progress);
  }

  files(progress: FilesProgress): void {
    this.#meter.files(progress);
  }

  note(system: string, text: string): void {
    this.say(`${system}: ${visible(text)}`);
  }

  log(line: string): void {
    const message = messageOf(line);
    if (message !== undefined) this.say(visible(message));
  }

  say(text: string): void {
    this.#picture.persist(text);
    this.#shown = [];
    this.#draw();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#terminal.off("resize", this.#onResize);
    this.#picture.clear();
    this.#picture.done();
    this.#begun = false;
  }

  #draw(): void {
    if (!this.#begun) return;
    this.#shown = frame(this.#meter.read(), this.#terminal);
    this.#picture(this.#shown.join("\n"));
  }

  // A terminal that gets narrower breaks the lines that are there, so that they take more rows than were drawn.
  #eraseReflowed(): void {
    const columns = Math.max(this.#terminal.columns, 1);
    const rows = this.#shown.reduce((sum, line) => sum + Math.max(Math.ceil(line.length / columns), 1), 0);
    if (rows === 0 || rows === this.#shown.length) return;
    this.#terminal.write(`\r\u001B[${rows.toString()}A\u001B[J`);
    this.#picture = createLogUpdate(this.#terminal);
    this.#shown = [];
  }
}
