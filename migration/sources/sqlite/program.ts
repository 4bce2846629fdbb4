import type { LineWriter } from "./line-writer.ts";
import type { Marks } from "./marks.ts";
import type {
  Passage,
  Reply,
  Request,
  SingleRows,
  SQLiteValue,
  Steps,
  SurveyPassage,
  WorkerSettings,
} from "./protocol.ts";

/**
 * What the worker thread of a reader does. The thread is started from this function's text, so that it runs from the
 * sources and from a bundle of one file alike: the function names nothing outside of itself but globals.
 *
 * SQL hands over many rows in one piece, their values parted by marks. One pass over these bytes makes lines of COPY's
 * text format and the canonical text of each row, which is hashed.
 */
export function readerProgram(makeWriter: (marks: Marks) => LineWriter): void {
  const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
  const threads = process.getBuiltinModule("node:worker_threads");
  const { Buffer, isUtf8 } = process.getBuiltinModule("node:buffer");
  const { parentPort: port } = threads;
  if (port === null) throw new Error("This program runs in a worker thread.");
  const settings = threads.workerData as WorkerSettings;
  const database = new DatabaseSync(new URL(settings.url), {
    readOnly: true,
    // Old schemas may quote texts like names.
    enableDoubleQuotedStringLiterals: true,
  });

  const batchBytes = 64 * 1024;
  const firstRows = 256;
  const send = (reply: Reply, transferred: ArrayBuffer[] = []): void => {
    port.postMessage(reply, transferred);
  };

  function prepare(sql: string): {
    one: (...values: SQLiteValue[]) => SQLiteValue[] | undefined;
    each: (...values: SQLiteValue[]) => Iterable<SQLiteValue[]>;
  } {
    const statement = database.prepare(sql);
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    return {
      one: (...values) => statement.get(...values) as unknown as SQLiteValue[] | undefined,
      each: (...values) => statement.iterate(...values) as unknown as Iterable<SQLiteValue[]>,
    };
  }

  const writer = makeWriter(settings.marks);

  /** Runs `step` for part after part of a range, each of about `batchBytes` as it reports. */
  async function walk(
    steps: Steps,
    step: (low: bigint, high: bigint) => Promise<{ rows: number; bytes: number }>,
  ): Promise<void> {
    const next = prepare(steps.next);
    let size = Math.min(firstRows, steps.most);
    for (let low = steps.low; low <= steps.high;) {
      const found = next.one(low, steps.high, BigInt(size))?.[0];
      const after = typeof found === "bigint" ? found : undefined;
      const { rows, bytes } = await step(low, after === undefined ? steps.high : after - 1n);
      if (after === undefined) return;
      low = after;
      const fitting = Math.ceil((batchBytes / Math.max(bytes, 1)) * Math.max(rows, 1));
      size = Math.max(1, Math.min(steps.most, size * 4, fitting));
    }
  }

  async function pass(passage: Passage, deliver: (length: number) => Promise<void>): Promise<void> {
    writer.reset();
    const { steps, single } = passage;
    if (steps === undefined) {
      if (single === undefined) throw new Error("there is no way to read the rows");
      await passSingly(single, passage.parameters, deliver);
      return;
    }
    const many = prepare(steps.rows);
    await walk(steps, async (low, high) => {
      const [rows = 0n, marked = null] = many.one(low, high) ?? [];
      if (!(marked instanceof Uint8Array)) return { rows: 0, bytes: 0 };
      const length = writer.convert(marked, Number(rows), passage.width);
      if (length >= 0) await deliver(length);
      else if (single === undefined)
        throw new Error(
          `a row from number ${low.toString()} to ${high.toString()} needs more than the plain conversion`,
        );
      else await passSingly(single, [low, high], deliver);
      return { rows: Number(rows), bytes: marked.length };
    });
  }

  async function passSingly(
    single: SingleRows,
    parameters: readonly SQLiteValue[],
    deliver: (length: number) => Promise<void>,
  ): Promise<void> {
    let pieces: Uint8Array[] = [];
    let bytes = 0;
    let rows = 0;
    const width = single.columns.length + 1;
    const flush = async (): Promise<void> => {
      const length = writer.convert(Buffer.concat(pieces), rows, width);
      if (length < 0) throw new Error("a row could not be told from its neighbours");
      pieces = [];
      bytes = rows = 0;
      await deliver(length);
    };
    for (const values of prepare(single.sql).each(...parameters)) {
      const row = markedRow(single, values);
      if (rows > 0) pieces.push(Uint8Array.of(settings.marks.row));
      pieces.push(row);
      rows++;
      bytes += row.length;
      if (bytes >= batchBytes) await flush();
    }
    if (rows > 0) await flush();
  }

  /** One row with its marks, from the classes of its values and the values; last, what the texts do not show. */
  function markedRow({ columns, encoding }: SingleRows, [classes = null, ...values]: SQLiteValue[]): Uint8Array {
    const letters = typeof classes === "string" ? classes : "";
    const odd: Record<string, string> = {};
    const pieces: Uint8Array[] = [];
    columns.forEach(({ name, bytes }, index) => {
      const value = values[index] ?? null;
      if (value === null) pieces.push(settings.marks.missing);
      else if (bytes) pieces.push(Buffer.from(Buffer.from(value as Uint8Array | string).toString("hex"), "latin1"));
      else if (!(value instanceof Uint8Array)) pieces.push(Buffer.from(String(value)));
      else {
        const isBlob = letters[index] === "b";
        const plain = decoded(value, isBlob ? "utf-8" : encoding);
        if (isBlob || plain.changed)
          Object.defineProperty(odd, name, { value: Buffer.from(value).toString("hex"), enumerable: true });
        pieces.push(Buffer.from(plain.text));
      }
      pieces.push(Uint8Array.of(settings.marks.column));
    });
    pieces.push(Object.keys(odd).length === 0 ? settings.marks.missing : Buffer.from(JSON.stringify(odd)));
    return Buffer.concat(pieces);
  }

  /** Bytes as text that PostgreSQL takes, and whether something had to be left out or replaced. */
  function decoded(bytes: Uint8Array, encoding: SingleRows["encoding"]): { text: string; changed: boolean } {
    const text = new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
    let valid = encoding === "utf-8" ? isUtf8(bytes) : true;
    if (encoding !== "utf-8") {
      try {
        new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
      } catch {
        valid = false;
      }
    }
    const whole = text.replaceAll("\0", "");
    return { text: whole, changed: !valid || whole.length !== text.length };
  }

  async function survey({ steps, single }: SurveyPassage): Promise<{ rows: number; unclean: number }> {
    const many = prepare(steps.rows);
    const result = { rows: 0, unclean: 0 };
    await walk(steps, (low, high) => {
      const [rows = 0n, texts = null, unclean = 0n] = many.one(low, high) ?? [];
      result.rows += Number(rows);
      const bytes = texts instanceof Uint8Array ? texts : new Uint8Array();
      if (plain(bytes)) result.unclean += Number(unclean);
      else {
        for (const [flag, text] of prepare(single).each(low, high)) {
          if (flag === 1n || (text instanceof Uint8Array && !plain(text))) result.unclean++;
        }
      }
      return Promise.resolve({ rows: Number(rows), bytes: bytes.length });
    });
    return result;
  }

  const plain = (bytes: Uint8Array): boolean => isUtf8(bytes) && !bytes.includes(0);

  const queue: Request[] = [];
  const credits = new Map<number, number>();
  const cancelled = new Set<number>();
  let wake: () => void = () => undefined;
  const woken = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });
  port.on("message", (request: Request) => {
    if (request.kind === "credit") credits.set(request.id, (credits.get(request.id) ?? 0) + request.batches);
    else if (request.kind === "cancel") cancelled.add(request.id);
    else queue.push(request);
    wake();
  });

  async function deliver(id: number, length: number): Promise<void> {
    while ((credits.get(id) ?? 0) === 0 && !cancelled.has(id)) await woken();
    if (cancelled.has(id)) throw new Error("no more is wanted");
    credits.set(id, (credits.get(id) ?? 0) - 1);
    const bytes = new ArrayBuffer(length);
    new Uint8Array(bytes).set(writer.lines.subarray(0, length));
    send({ id, kind: "batch", bytes }, [bytes]);
  }

  async function answer(request: Request): Promise<void> {
    const { id } = request;
    switch (request.kind) {
      case "query":
        send({ id, kind: "rows", rows: [...prepare(request.sql).each(...request.parameters)] });
        break;
      case "lines":
      case "sums":
        await pass(request.passage, (length) => (request.kind === "lines" ? deliver(id, length) : Promise.resolve()));
        send({ id, kind: "sums", ...writer.total });
        break;
      case "survey":
        send({ id, kind: "survey", survey: await survey(request.passage) });
        break;
      case "credit":
      case "cancel":
        break;
    }
  }

  async function serve(): Promise<void> {
    for (;;) {
      const request = queue.shift();
      if (request === undefined) {
        await woken();
        continue;
      }
      try {
        if (!cancelled.has(request.id)) await answer(request);
      } catch (error) {
        send({ id: request.id, kind: "error", message: error instanceof Error ? error.message : String(error) });
      }
      credits.delete(request.id);
      cancelled.delete(request.id);
    }
  }
  void serve();
}
