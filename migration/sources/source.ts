import type { Readable } from "node:stream";
import type { FoldedTable, MappedTable } from "../plans/plan.ts";
import type { Extract, Fingerprints } from "../sql/fingerprints.ts";
import type { Chunk } from "../sql/range.ts";

export interface SourceColumn {
  readonly type: string;
  readonly notNull: boolean;
}

export interface SourceTable {
  readonly columns: ReadonlyMap<string, SourceColumn>;
  /** Column sets that the source itself keeps unique. */
  readonly unique: readonly (readonly string[])[];
  readonly bytes: number;
}

/** What a source holds, as its own catalogue says. */
export interface SourceCatalogue {
  readonly engine: string;
  /** Whole version as the server names it, and its major number. */
  readonly version: string;
  readonly major: number;
  readonly encoding: string;
  readonly tables: ReadonlyMap<string, SourceTable>;
  /** Holdings that no plan can speak of, each as a sentence: tables elsewhere, large objects. */
  readonly beyond: readonly string[];
}

/** Constraint of the target that rows must satisfy, as an expression over the target's columns. */
export interface TargetConstraint {
  readonly name: string;
  readonly expression: string;
  /** What an entry of an index holds at most, where it is that that the constraint says. */
  readonly longest?: LongestEntry;
}

/** How many bytes the texts of some columns of the target may have together, so that an index still holds them. */
export interface LongestEntry {
  readonly columns: readonly string[];
  readonly bytes: number;
}

/** What one pass over a legacy table in the snapshot found. */
export interface Profile {
  readonly rows: number;
  readonly rejected: number;
  /** Per rule, in the order of the rulings; rules that touch nothing are left out. */
  readonly quarantine: readonly { rule: string; reason: string; rows: number }[];
  readonly repairs: readonly { name: string; rows: number }[];
  readonly repaired: number;
  readonly bytes: number;
}

/** A query, and the schema in which it looks for names that say none. */
export interface Selection {
  readonly query: string;
  readonly schema: string;
}

/** One connection that sees the snapshot. It does one thing at a time. */
export interface SourceReader {
  readonly fingerprints: Fingerprints;
  /** Type numbers of what the mapping yields, in the order of the columns; undefined when they mean nothing to PostgreSQL. */
  types(table: MappedTable): Promise<number[] | undefined>;
  /** How the target's own server selects the rows, where that is where they are. */
  selection(extract: Extract): Selection | undefined;
  /** Rows as COPY data, never parsed on the way. */
  rows(extract: Extract, format: "binary" | "text"): Readable;
  /** The chunk's rows that do not land, as text COPY data for `operations.quarantine`. */
  heldRows(table: MappedTable | FoldedTable, chunk: Chunk, runId: string): Readable;
  tally(name: string): Promise<Map<string, string>>;
  close(): Promise<void>;
}

/** One unchanging view of a source. Profiles come first, parents before children: they settle what is rejected. */
export interface SourceSnapshot {
  profile(table: MappedTable | FoldedTable, constraints: readonly TargetConstraint[]): Promise<Profile>;
  count(source: string): Promise<number>;
  boundaries(table: MappedTable, of: { rows: number; perChunk: number }): Promise<string[]>;
  /** Whether a table's rows come straight from a database that is not PostgreSQL: as text, and compared as text. */
  isDirect(source: string): boolean;
  reader(): Promise<SourceReader>;
  close(): Promise<void>;
}

/** A legacy system's database. It is only ever read. */
export interface Source {
  readonly catalogue: SourceCatalogue;
  /** Hashes of a fixed record, to learn whether another server hashes alike; undefined when it cannot. */
  selfTest(): Promise<{ first: string; second: string } | undefined>;
  snapshot(): Promise<SourceSnapshot>;
  close(): Promise<void>;
}
