import { isUtf8 } from "node:buffer";
import { Readable } from "node:stream";
import type { Listener, Row, Session } from "./session.ts";

/** A query whose rows are one line each, and what is done about lines that cannot go as they are. */
export interface LineQuery {
  /** Where the lines come from, for errors: `enrollments, chunk 3 (200 to 300)`. */
  readonly place: string;
  readonly sql: string;
  /** A line with bytes in it that PostgreSQL does not take as text, as one that it takes. */
  readonly mend: (line: Buffer) => Buffer;
  /** The rows whose lines are longer than the server can make them, for which it yields NULL, and how a line is made of one. */
  readonly long: { readonly sql: string; readonly line: (row: Row) => Buffer };
}

const batchBytes = 64 * 1024;
const lineEnd = Buffer.from("\n");

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
        else if (this.#missing === 0) this.#finish();
        else this.#readLong();
      },
    });
  }

  #listen(sql: string, listener: Listener): void {
    this.#listener = listener;
    this.#session.listen(sql, listener);
  }

  #readLong(): void {
    const { long } = this.#query;
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
      this.#batch.push(line, lineEnd);
      this.#bytes += line.length + 1;
      if (this.#bytes >= batchBytes && !this.#flush()) this.#session.pause();
    } catch (error) {
      this.destroy(this.#told(error));
    }
  }

  /** Hands on what has come together; false when nobody reads it for now. */
  #flush(): boolean {
    const lines = this.#batch;
    const batch = Buffer.concat(lines, this.#bytes);
    this.#batch = [];
    this.#bytes = 0;
    return this.push(isSound(batch) ? batch : Buffer.concat(lines.map((line) => this.#sound(line))));
  }

  #sound(line: Buffer): Buffer {
    return isSound(line) ? line : this.#query.mend(line);
  }

  #finish(): void {
    try {
      if (this.#bytes > 0) this.#flush();
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
