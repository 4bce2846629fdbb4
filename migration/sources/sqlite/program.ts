import type { LineWriter, Shape } from "./line-writer.ts";
import type { Marks } from "./marks.ts";
import type { PlainValue } from "./plain-value.ts";
import type { RowMarker } from "./row-marker.ts";
import type {
  DoubtfulRows,
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
export function readerProgram(
  makeWriter: (marks: Marks, values: PlainValue) => LineWriter,
  makeValues: () => PlainValue,
  makeMarker: (marks: Marks) => RowMarker,
): void {
  const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
  const threads = process.getBuiltinModule("node:worker_threads");
  const { Buffer, isUtf8 } = process.getBuiltinModule("node:buffer");
  const { parentPort: port } = threads;
  if (port === null) throw new Error("This program runs in a worker thread.");
  const isSettings = (value: unknown): value is WorkerSettings =>
    typeof value === "object" && value !== null && "url" in value && "marks" in value;
  const given: unknown = threads.workerData;
  if (!isSettings(given)) throw new Error("The thread was started without settings.");
  const settings = given;
  const database = new DatabaseSync(new URL(settings.url), {
    readOnly: true,
    // Old schemas may quote texts like names.
    enableDoubleQuotedStringLiterals: true,
  });

  // The file's pages are read once, one after another.
  database.exec("PRAGMA cache_size = -256");

  const batchBytes = 32 * 1024;
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
      one: (...values) => {
        const row: unknown = statement.get(...values);
        return row === undefined ? undefined : rowOf(row);
      },
      each: function* (...values) {
        const rows: Iterable<unknown> = statement.iterate(...values);
        for (const row of rows) yield rowOf(row);
      },
    };
  }

  const isRow = (row: unknown): row is SQLiteValue[] => Array.isArray(row);

  function rowOf(row: unknown): SQLiteValue[] {
    if (isRow(row)) return row;
    throw new Error("SQLite gave a row that is no list of values.");
  }

  const writer = makeWriter(settings.marks, makeValues());
  const { markedRow } = makeMarker(settings.marks);

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
      size = sizeAfter(size, { rows, bytes, most: steps.most });
    }
  }

  type Deliver = (length: number) => Promise<void>;

  /** The rows that the last passage over plain rows has left out. */
  let left: { part: string; numbers: readonly string[] } | undefined;

  async function pass({ name, shape, rows }: Passage, deliver: Deliver): Promise<void> {
    writer.reset();
    switch (rows.kind) {
      case "single":
        await passSingly(rows, rows.parameters, deliver);
        break;
      case "clean":
        await passSteps(rows.steps, shape, { deliver });
        break;
      case "plain":
        left = undefined;
        await passSteps(rows.steps, shape, { deliver, each: rows.each });
        left = { part: rows.part, numbers: writer.doubtful };
        break;
      case "doubtful": {
        if (left?.part !== rows.plain.rows.part) await pass(rows.plain, () => Promise.resolve());
        const numbers = left?.numbers;
        if (numbers === undefined) throw new Error(`it is not known which rows of ${name} are doubtful`);
        writer.reset();
        await passDoubtful(rows, shape, { numbers, deliver });
        break;
      }
    }
  }

  async function passSteps(steps: Steps, shape: Shape, of: { deliver: Deliver; each?: string }): Promise<void> {
    const many = prepare(steps.rows);
    await walk(steps, async (low, high) => {
      const [rows = 0n, marked = null] = many.one(low, high) ?? [];
      if (!(marked instanceof Uint8Array)) return { rows: 0, bytes: 0 };
      let length = writer.convert(marked, Number(rows), shape);
      if (length < 0 && of.each !== undefined) length = convertWhole(prepare(of.each).each(low, high), shape);
      if (length < 0) {
        throw new Error(
          `a row from number ${low.toString()} to ${high.toString()} needs more than the plain conversion`,
        );
      }
      if (length > 0) await of.deliver(length);
      return { rows: Number(rows), bytes: marked.length };
    });
  }

  /** Converts rows that can be told apart together, and leaves out those whose values hold marks. */
  function convertWhole(rows: Iterable<SQLiteValue[]>, shape: Shape): number {
    const marks = shape.width - 1 + (shape.plain?.number === shape.width ? 1 : 0);
    const pieces: Uint8Array[] = [];
    const broken: string[] = [];
    const before = writer.doubtful.length;
    let whole = 0;
    for (const [number = null, marked = null] of rows) {
      if (!(marked instanceof Uint8Array)) continue;
      let columns = 0;
      for (const byte of marked)
        columns += byte === settings.marks.column ? 1 : byte === settings.marks.row ? -1 / 0 : 0;
      if (columns !== marks) {
        broken.push(String(number));
        continue;
      }
      if (whole++ > 0) pieces.push(Uint8Array.of(settings.marks.row));
      pieces.push(marked);
    }
    const length = whole === 0 ? 0 : writer.convert(Buffer.concat(pieces), whole, shape);
    const both = [...writer.doubtful.splice(before), ...broken];
    writer.doubtful.push(...both.sort((one, other) => (BigInt(one) < BigInt(other) ? -1 : 1)));
    return length;
  }

  async function passDoubtful(
    { many, most, single }: DoubtfulRows,
    shape: Shape,
    { numbers, deliver }: { numbers: readonly string[]; deliver: Deliver },
  ): Promise<void> {
    const statement = prepare(many);
    let size = Math.min(firstRows, most);
    for (let start = 0; start < numbers.length;) {
      const asked = numbers.slice(start, start + size);
      const json = `[${asked.join(",")}]`;
      const [rows = 0n, marked = null] = statement.one(json) ?? [];
      if (Number(rows) !== asked.length || !(marked instanceof Uint8Array)) throw new Error("a row is not found again");
      const length = writer.convert(marked, asked.length, shape);
      if (length >= 0) await deliver(length);
      else await passSingly(single, [json], deliver);
      start += asked.length;
      size = sizeAfter(size, { rows: asked.length, bytes: marked.length, most });
    }
  }

  /** How many rows to ask for next, so that they are about `batchBytes`. */
  function sizeAfter(size: number, { rows, bytes, most }: { rows: number; bytes: number; most: number }): number {
    const fitting = Math.ceil((batchBytes / Math.max(bytes, 1)) * Math.max(rows, 1));
    return Math.max(1, Math.min(most, size * 4, fitting));
  }

  async function passSingly(single: SingleRows, parameters: readonly SQLiteValue[], deliver: Deliver): Promise<void> {
    let pieces: Uint8Array[] = [];
    let bytes = 0;
    let rows = 0;
    const width = single.columns.length + 1;
    const flush = async (): Promise<void> => {
      const length = writer.convert(Buffer.concat(pieces), rows, { width });
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
        send({ id, kind: "sums", ...writer.total, doubtful: writer.doubtful.length });
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
