import type { Shape } from "./line-writer.ts";
import type { Marks } from "./marks.ts";

/** A value as SQLite hands it over or takes it; integers whole, whatever their size. */
export type SQLiteValue = null | bigint | number | string | Uint8Array;

/** What a worker is started with. */
export interface WorkerSettings {
  /** The database as a `file:` URL with SQLite's own parameters. */
  readonly url: string;
  readonly marks: Marks;
}

/** How rows are read singly: slowly, and whatever they hold. */
export interface SingleRows {
  readonly kind: "single";
  /** Yields the classes of the values by their first letters, then each value: text and blobs as bytes, numbers as text. */
  readonly sql: string;
  readonly columns: readonly { readonly name: string; readonly bytes: boolean }[];
  /** How stored text is encoded, as TextDecoder names it. */
  readonly encoding: "utf-8" | "utf-16le" | "utf-16be";
  /** What `sql` takes, where the passage does not say it. */
  readonly parameters: readonly SQLiteValue[];
}

/** A range of rowids, both ends included, and how its rows are read many at a time. */
export interface Steps {
  readonly low: bigint;
  readonly high: bigint;
  /** Yields the rowid after so many rows, over `(low, high, rows)`. */
  readonly next: string;
  /** Yields the number of rows and their values in one piece, over `(low, high)`; of a survey besides what is unclean. */
  readonly rows: string;
  /** Rows of one step at most: so many of the table's longest that a step fits into memory. */
  readonly most: number;
}

/** One passage over a part of a table. */
export interface Passage {
  /** What is read, for messages. */
  readonly name: string;
  readonly shape: Shape;
  readonly rows: PlainRows | DoubtfulRows | CleanRows | SingleRows;
}

/** The plain rows of a range; the numbers of its other rows are kept for a passage over these. */
export interface PlainRows {
  readonly kind: "plain";
  /** What tells this part from others. */
  readonly part: string;
  readonly steps: Steps;
  /** Yields each row's number as text and its values in one piece, over `(low, high)`: for steps whose rows cannot be told apart. */
  readonly each: string;
}

/** The rows of a range that are not plain. */
export interface DoubtfulRows {
  readonly kind: "doubtful";
  /** The passage that finds them, unless it was the last of its kind. */
  readonly plain: Passage & { readonly rows: PlainRows };
  /** Yields the number of rows and their values in one piece, over their numbers as JSON. */
  readonly many: string;
  readonly most: number;
  /** Rows in which something is special; over their numbers as JSON. */
  readonly single: SingleRows;
}

/** All rows of a range, where one that is special is an error. */
export interface CleanRows {
  readonly kind: "clean";
  readonly steps: Steps;
}

/** What a survey found. */
export interface Survey {
  readonly rows: number;
  readonly unclean: number;
}

export interface SurveyPassage {
  readonly name: string;
  readonly steps: Steps;
  /** Yields of each row of a step whether it is unclean, and its texts as bytes, over `(low, high)`. */
  readonly single: string;
}

export type Request =
  | { readonly id: number; readonly kind: "query"; readonly sql: string; readonly parameters: readonly SQLiteValue[] }
  /** Batches are sent while there is credit, one for each; `sums` sends none. */
  | { readonly id: number; readonly kind: "lines" | "sums"; readonly passage: Passage }
  | { readonly id: number; readonly kind: "survey"; readonly passage: SurveyPassage }
  | { readonly id: number; readonly kind: "credit"; readonly batches: number }
  | { readonly id: number; readonly kind: "cancel" };

export type Reply =
  | { readonly id: number; readonly kind: "batch"; readonly bytes: ArrayBuffer }
  | { readonly id: number; readonly kind: "rows"; readonly rows: SQLiteValue[][] }
  | {
      readonly id: number;
      readonly kind: "sums";
      readonly rows: bigint;
      readonly first: bigint;
      readonly second: bigint;
      /** Rows of the part that are not among these, because they are not plain. */
      readonly doubtful: number;
    }
  | { readonly id: number; readonly kind: "survey"; readonly survey: Survey }
  | { readonly id: number; readonly kind: "error"; readonly message: string };
