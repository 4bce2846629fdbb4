/** A piece of a script that restores data: SQL, or the rows of a COPY, each chunk of them as the server takes it. */
export type ScriptPart =
  | { readonly kind: "sql"; readonly text: string }
  | { readonly kind: "copy"; readonly statement: string; readonly rows: AsyncIterable<Buffer> };

const newline = 0x0a;
const copyStatement = /^COPY .* FROM stdin;$/;

/**
 * Takes the data section of pg_restore's script apart: `COPY … FROM stdin;` is followed by rows up to a line `\.`, and
 * all else is SQL, a statement a line. The rows of a part must be read to their end before the next part.
 */
export async function* scriptParts(script: AsyncIterable<Buffer>): AsyncGenerator<ScriptPart> {
  const lines = new Lines(script);
  let sql = "";
  for (let line = await lines.next(); line !== undefined; line = await lines.next()) {
    const text = line.toString();
    if (!copyStatement.test(text)) {
      sql += `${text}\n`;
      continue;
    }
    if (sql.trim() !== "") yield { kind: "sql", text: sql };
    sql = "";
    yield { kind: "copy", statement: text, rows: lines.rows() };
  }
  if (sql.trim() !== "") yield { kind: "sql", text: sql };
}

class Lines {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(script: AsyncIterable<Buffer>) {
    this.#chunks = script[Symbol.asyncIterator]();
  }

  /** The next line without its end, or undefined where there is none. */
  async next(): Promise<Buffer | undefined> {
    for (let end = this.#rest.indexOf(newline); ; end = this.#rest.indexOf(newline)) {
      if (end !== -1) {
        const line = this.#rest.subarray(0, end);
        this.#rest = this.#rest.subarray(end + 1);
        return line;
      }
      if (await this.#more()) continue;
      const line = this.#rest;
      this.#rest = Buffer.alloc(0);
      return line.length === 0 ? undefined : line;
    }
  }

  /** The rows up to the line `\.`, in chunks that end with a line. */
  async *rows(): AsyncGenerator<Buffer> {
    for (;;) {
      const end = this.#rest.subarray(0, 3).equals(terminator)
        ? 0
        : this.#rest.indexOf(`\n${terminator.toString()}`) + 1;
      const atStart = end === 0 && this.#rest.subarray(0, 3).equals(terminator);
      if (atStart || end > 0) {
        if (end > 0) yield this.#rest.subarray(0, end);
        this.#rest = this.#rest.subarray(end + terminator.length);
        return;
      }
      // What may be the beginning of the end stays for the next look.
      const whole = this.#rest.lastIndexOf(newline) + 1;
      if (whole > 0) yield this.#rest.subarray(0, whole);
      this.#rest = this.#rest.subarray(whole);
      if (!(await this.#more())) throw new Error("The dump's rows have no end");
    }
  }

  async #more(): Promise<boolean> {
    const next = await this.#chunks.next();
    if (next.done === true) return false;
    this.#rest = this.#rest.length === 0 ? next.value : Buffer.concat([this.#rest, next.value]);
    return true;
  }
}

const terminator = Buffer.from("\\.\n");
