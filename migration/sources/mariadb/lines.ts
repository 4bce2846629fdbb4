import { isUtf8 } from "node:buffer";
import { Readable } from "node:stream";
import type { Listener, Row, Session } from "./session.ts";

/** A query whose rows are one line each, and what is done about lines that cannot go as they are. */
export interface LineQuery {
  /** Where the lines come from, for errors: `enrollments, chunk 3 (200 to 300)`. */
  readonly place: string;
  readonly sql: string;
  /** A line with bytes in it that PostgreSQL does not take as text, as one that it takes; undefined leaves the row out. */
  readonly mend: (line: Buffer) => Buffer | undefined;
  /**
   * The rows whose lines are longer than the server can make them, for which it yields NULL, and how a line is made of
   * one. Without it they are left out.
   */
  readonly long?: { readonly sql: string; readonly line: (row: Row) => Buffer };
}

const batchBytes = 64 * 1024;
const lineEnd = 10;

/** Lines as one, each with its end. */
function joined(lines: readonly Buffer[], bytes: number): Buffer {
  const all = Buffer.allocUnsafe(bytes + lines.length);
  let at = 0;
  for (const line of lines) {
    all.set(line, at);
    at += line.length;
    all[at++] = lineEnd;
  }
  return all;
}

/**
 * The lines of a query, in buffers of 64 KiB and a line more. The network is left alone while nobody reads, and the
 * query is ended when the stream is destroyed.
 */
export class Lines extends Readable {
  readonly #session: Session;
  readonly #query: LineQuery;
  #listener: Listener | undefined;
  #over = false;
  #missing = 0;
  #batch: Buffer[] = [];
  #bytes = 0;

  constructor(session: Session, query: LineQuery) {
    super({ highWaterMark: 2 * batchBytes });
    this.#session = session;
    this.#query = query;
  }

  override _read(): void {
    if (this.#listener !== undefined) {
      if (!this.#over) this.#session.resume();
      return;
    }
    this.#listen(this.#query.sql, {
      row: ([line]) => {
        if (line === null || line === undefined) this.#missing += 1;
        else this.#take(() => line);
      },
      end: (error) => {
        if (error !== undefined) this.#fail(error);
        else if (this.#missing === 0 || this.#query.long === undefined) this.#finish();
        else this.#readLong(this.#query.long);
      },
    });
  }

  #listen(sql: string, listener: Listener): void {
    this.#listener = listener;
    this.#session.listen(sql, listener);
  }

  #readLong(long: NonNullable<LineQuery["long"]>): void {
    this.#listen(long.sql, {
      row: (row) => {
        this.#missing -= 1;
        this.#take(() => long.line(row));
      },
      end: (error) => {
        if (error !== undefined) this.#fail(error);
        else if (this.#missing === 0) this.#finish();
        else this.#fail(new Error("some lines are longer than the server can make them (max_allowed_packet)"));
      },
    });
  }

  #take(make: () => Buffer): void {
    try {
      const line = make();
      this.#batch.push(line);
      this.#bytes += line.length;
      if (this.#bytes >= batchBytes && !this.#flush()) this.#session.pause();
    } catch (error) {
      this.destroy(this.#told(error));
    }
  }

  /** Hands on what has come together; false when nobody reads it for now. */
  #flush(): boolean {
    const lines = this.#batch;
    const batch = joined(lines, this.#bytes);
    this.#batch = [];
    this.#bytes = 0;
    if (isSound(batch)) return this.push(batch);
    const sound = lines.flatMap((line) => (isSound(line) ? line : (this.#query.mend(line) ?? [])));
    const bytes = sound.reduce((sum, { length }) => sum + length, 0);
    return sound.length === 0 || this.push(joined(sound, bytes));
  }

  #finish(): void {
    try {
      if (this.#batch.length > 0) this.#flush();
      this.#over = true;
      this.push(null);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#over = true;
    this.destroy(this.#told(error));
  }

  #told(error: unknown): Error {
    return new Error(`Reading ${this.#query.place} failed: ${error instanceof Error ? error.message : String(error)}`);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (this.#listener !== undefined && !this.#over) this.#session.cancel(this.#listener);
    done(error);
  }
}

/** Whether PostgreSQL takes these bytes as text. */
export const isSound = (bytes: Buffer): boolean => isUtf8(bytes) && !bytes.includes(0);
