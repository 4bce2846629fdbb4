import type { Readable } from "node:stream";
import type { MappedTable } from "../plans/plan.ts";
import type { Sums } from "../sql/fingerprints.ts";
import type { Chunk } from "../sql/range.ts";
import type { LongestEntry, SourceCatalogue } from "./source.ts";

/**
 * A legacy database that is not PostgreSQL. Its tables pass through a staging copy in the target, column by column, and
 * are mapped there by SQL.
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

/**
 * A connection inside the snapshot.
 *
 * A row is plain when PostgreSQL reads every value of it by itself and prints it back in one known form. A missing value
 * is plain, and otherwise, by the type that `plainType` gives for the column's declared type:
 * - `bigint`: an integer within its bounds; `numeric`: digits with an optional sign and fraction, as PostgreSQL prints them;
 * - `boolean`: 0 or 1; `date`: a day that is one, of the years 1 to 9999, as `YYYY-MM-DD`;
 * - `timestamptz`: such a day and a time of it to the microsecond, without an offset; it is UTC;
 * - `text`: whatever PostgreSQL takes as text: UTF-8 without NUL bytes or halves of surrogate pairs.
 * All other rows are doubtful. Where a source cannot tell, they all are.
 */
export interface ForeignReader {
  /** A chunk's plain rows as lines of COPY's text format: every column of the catalogue, in its order. */
  plain(table: string, chunk: Chunk): Readable;
  /**
   * Count and sums of the same rows, worked out in the database, and how many others the chunk has. Of each row the MD5
   * (hex) of its columns as PostgreSQL prints them (`true`, `2024-01-31 10:00:00.5+00`), joined by `|`, where a missing
   * value is `\N`, and `\` and `|` in a value are written `\\` and `\p`; its first and second 15 hex digits after
   * position 1 and 17 as numbers, summed. See `sql/fingerprint.ts`, tier `text`.
   */
  plainSums(table: string, chunk: Chunk): Promise<{ readonly sums: Sums; readonly doubtful: number }>;
  /**
   * A chunk's doubtful rows as lines of COPY's text format: every column of the catalogue, in its order, as text, and
   * last `~odd`.
   *
   * Text forms: integers and decimals in plain digits; floats with as many digits as tell them apart (17 at most);
   * booleans as they are stored; dates `YYYY-MM-DD`, times `YYYY-MM-DD HH:MM:SS.ffffff` with the digits that are stored,
   * zero dates included; bytes as hex. Text that PostgreSQL can hold comes as it is.
   * `~odd` is NULL, or a JSON object that gives, for each column whose stored bytes the text does not show (a NUL byte,
   * invalid UTF-8, bytes where text was declared), these bytes as hex; the column itself then holds the text with NUL
   * bytes left out and invalid sequences as U+FFFD.
   */
  doubtful(table: string, chunk: Chunk): Readable;
  /** Count and sums of the same lines: of each row the MD5 of its columns and `~odd`, as in `plainSums`. */
  doubtfulSums(table: string, chunk: Chunk): Promise<Sums>;
  close(): Promise<void>;
}

/**
 * What a foreign source can do besides: send a chunk straight into the target, where nothing in the table needs more
 * than a change of type.
 */
export interface DirectReader extends ForeignReader {
  /**
   * Rows of a table, and how many of them need more than the plain conversion: an unreadable value, a parent that is
   * missing, texts that are longer than the target's indexes hold.
   */
  survey(table: MappedTable, longest: readonly LongestEntry[]): Promise<{ rows: number; unclean: number }>;
  /** A chunk's rows as lines of COPY's text format, with the columns of `targetColumns(table)`. */
  mapped(table: MappedTable, chunk: Chunk): Readable;
  /** Their count and sums, tier `text`, over the text that PostgreSQL gives for the same values. */
  mappedSums(table: MappedTable, chunk: Chunk): Promise<Sums>;
}
