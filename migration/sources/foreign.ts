import type { Readable } from "node:stream";
import type { MappedTable } from "../plans/plan.ts";
import type { Sums } from "../sql/fingerprints.ts";
import type { Chunk } from "../sql/range.ts";
import type { SourceCatalogue } from "./source.ts";

/**
 * A legacy database that is not PostgreSQL. Its tables pass through a staging copy in the target, as text, column by
 * column, and are mapped there by SQL.
 */
export interface ForeignSource {
  readonly catalogue: SourceCatalogue;
  /** A view of the whole database at one moment, for up to `readers` readers at a time. */
  snapshot(readers: number): Promise<ForeignSnapshot>;
  close(): Promise<void>;
}

export interface ForeignSnapshot {
  /** How many readers may be open at once; fewer than asked for where the server cannot give them one moment. */
  readonly readers: number;
  count(table: string): Promise<number>;
  /** Boundaries that cut a table into chunks of about so many rows, ascending; what they mean is the source's affair. */
  boundaries(table: string, rowsPerChunk: number): Promise<string[]>;
  reader(): Promise<DirectReader>;
  close(): Promise<void>;
}

/** A connection inside the snapshot. */
export interface ForeignReader {
  /**
   * A chunk's rows as lines of COPY's text format: every column of the catalogue, in its order, as text, and last `~odd`.
   *
   * Text forms: integers and decimals in plain digits; floats with as many digits as tell them apart (17 at most);
   * booleans as they are stored; dates `YYYY-MM-DD`, times `YYYY-MM-DD HH:MM:SS.ffffff` with the digits that are stored,
   * zero dates included; bytes as hex. Text that PostgreSQL can hold comes as it is.
   * `~odd` is NULL, or a JSON object that gives, for each column whose stored bytes the text does not show (a NUL byte,
   * invalid UTF-8, bytes where text was declared), these bytes as hex; the column itself then holds the text with NUL
   * bytes left out and invalid sequences as U+FFFD.
   */
  staged(table: string, chunk: Chunk): Readable;
  /**
   * Count and sums of the same lines, worked out in the database: of each row the MD5 (hex) of its columns and `~odd`,
   * joined by `|`, where a missing value is `\N`, and `\` and `|` in a value are written `\\` and `\p`; its first and second
   * 15 hex digits after position 1 and 17 as numbers, summed. See `sql/fingerprint.ts`, tier `text`.
   */
  stagedSums(table: string, chunk: Chunk): Promise<Sums>;
  close(): Promise<void>;
}

/**
 * What a foreign source can do besides: send a chunk straight into the target, where nothing in the table needs more
 * than a change of type.
 */
export interface DirectReader extends ForeignReader {
  /** Rows of a table, and how many of them need more than the plain conversion (an unreadable value, a parent that is missing). */
  survey(table: MappedTable): Promise<{ rows: number; unclean: number }>;
  /** A chunk's rows as lines of COPY's text format, with the columns of `targetColumns(table)`. */
  mapped(table: MappedTable, chunk: Chunk): Readable;
  /** Their count and sums, tier `text`, over the text that PostgreSQL gives for the same values. */
  mappedSums(table: MappedTable, chunk: Chunk): Promise<Sums>;
}
