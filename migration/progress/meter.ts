import type { FilesProgress, Phase, ProgressObserver, TableProgress } from "./progress.ts";

/** How far a table is, with how fast it goes and what is left; undefined while too little is known. */
export interface TableFigures extends TableProgress {
  readonly rowsPerSecond: number | undefined;
  readonly secondsLeft: number | undefined;
  readonly done: boolean;
}

/** A system's move as it stands. */
export interface SystemFigures {
  readonly system: string;
  readonly phase: Phase;
  /** Seconds since the phase began. */
  readonly seconds: number;
  /** Tables that the phase has touched, in the order in which it came to them. */
  readonly tables: readonly TableFigures[];
  readonly files: FilesProgress | undefined;
}

interface Beginning {
  readonly at: number;
  readonly rows: number;
}

/** Seconds after which a rate says something. */
const shortest = 0.2;

/** Remembers what it is told of a move, and works out rates and times left. `now` gives milliseconds. */
export class Meter implements Pick<ProgressObserver, "phase" | "table" | "files"> {
  readonly #now: () => number;
  #system = "";
  #phase: Phase = "surveying";
  #began: number;
  #files: FilesProgress | undefined;
  readonly #tables = new Map<string, TableProgress>();
  readonly #beginnings = new Map<string, Beginning>();

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#began = now();
  }

  phase(system: string, phase: Phase): void {
    this.#system = system;
    this.#phase = phase;
    this.#began = this.#now();
    this.#tables.clear();
    this.#beginnings.clear();
    this.#files = undefined;
  }

  table(progress: TableProgress): void {
    const { table, rows } = progress;
    const before = this.#tables.get(table);
    // Tables are announced before their turn, with what an interrupted run had done: work begins with the first growth.
    if (before !== undefined && rows > before.rows && !this.#beginnings.has(table))
      this.#beginnings.set(table, { at: this.#now(), rows });
    this.#tables.set(table, progress);
  }

  files(progress: FilesProgress): void {
    this.#files = progress;
  }

  /** The move as it stands now. */
  read(): SystemFigures {
    return {
      system: this.#system,
      phase: this.#phase,
      seconds: (this.#now() - this.#began) / 1000,
      tables: [...this.#tables.values()].map((progress) => this.#figures(progress)),
      files: this.#files,
    };
  }

  #figures(progress: TableProgress): TableFigures {
    const { rows, of, table } = progress;
    const done = rows >= of;
    const beginning = this.#beginnings.get(table) ?? { at: this.#now(), rows };
    const seconds = (this.#now() - beginning.at) / 1000;
    const here = rows - beginning.rows;
    const rate = seconds < shortest || here <= 0 ? undefined : here / seconds;
    return {
      ...progress,
      done,
      rowsPerSecond: rate,
      secondsLeft: done ? 0 : rate === undefined ? undefined : (of - rows) / rate,
    };
  }
}
