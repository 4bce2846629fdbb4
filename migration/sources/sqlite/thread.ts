import { Readable } from "node:stream";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import type { Sums } from "../../sql/fingerprints.ts";
import { makeLineWriter } from "./line-writer.ts";
import type { Marks } from "./marks.ts";
import { makePlainValue } from "./plain-value.ts";
import { readerProgram } from "./program.ts";
import { makeRowMarker } from "./row-marker.ts";
import type { Passage, Reply, Request, SQLiteValue, Survey, SurveyPassage } from "./protocol.ts";

/** Batches that may be under way, beside what the stream itself holds. */
const underWay = 3;

/** Bytes that a stream holds before it asks for no more. */
const held = 512 * 1024;

/** What a passage has read, and how many rows of the part it has left out because they are not plain. */
export interface Counted {
  readonly sums: Sums;
  readonly doubtful: number;
}

interface Pending {
  batch(bytes: Buffer): void;
  done(reply: Reply): void;
  failed(error: Error): void;
}

const nothing = (): void => undefined;

/** A thread that reads an unchanging database file; it does what it is asked in the order it is asked. */
export class DatabaseThread {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #failure: Error | undefined;
  #last = 0;

  constructor(path: string, marks: Marks) {
    const url = pathToFileURL(path);
    url.search = "?immutable=1";
    const parts = [makeLineWriter, makePlainValue, makeRowMarker].map(String);
    this.#worker = new Worker(`(${readerProgram.toString()})(${parts.join(", ")})`, {
      eval: true,
      name: "sqlite",
      execArgv: [],
      // What a passage makes is soon garbage, whose bytes outside of the heap go with it only when there is no more room.
      resourceLimits: { maxYoungGenerationSizeMb: 1 },
      workerData: { url: url.href, marks },
    });
    this.#worker.on("message", (reply: Reply) => {
      this.#receive(reply);
    });
    this.#worker.on("error", (error: unknown) => {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    });
    this.#worker.on("exit", () => {
      this.#fail(new Error("the reading thread has ended"));
    });
  }

  #receive(reply: Reply): void {
    const pending = this.#pending.get(reply.id);
    if (pending === undefined) return;
    if (reply.kind === "batch") {
      pending.batch(Buffer.from(reply.bytes));
      return;
    }
    this.#pending.delete(reply.id);
    if (reply.kind === "error") pending.failed(new Error(reply.message));
    else pending.done(reply);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    for (const one of waiting) one.failed(this.#failure);
  }

  #ask(request: (id: number) => Request, pending: Pending): number {
    const id = ++this.#last;
    if (this.#failure !== undefined) {
      const failure = this.#failure;
      queueMicrotask(() => {
        pending.failed(failure);
      });
      return id;
    }
    this.#pending.set(id, pending);
    this.#worker.postMessage(request(id));
    return id;
  }

  #answer(request: (id: number) => Request): Promise<Reply> {
    return new Promise((done, failed) => {
      this.#ask(request, { batch: nothing, done, failed });
    });
  }

  /** The rows of a query, each an array of its values. */
  async query(sql: string, parameters: readonly SQLiteValue[] = []): Promise<SQLiteValue[][]> {
    const reply = await this.#answer((id) => ({ id, kind: "query", sql, parameters }));
    return reply.kind === "rows" ? reply.rows : [];
  }

  async sums(passage: Passage): Promise<Counted> {
    return sumsOf(
      await naming(
        passage.name,
        this.#answer((id) => ({ id, kind: "sums", passage })),
      ),
    );
  }

  async survey(passage: SurveyPassage): Promise<Survey> {
    const reply = await naming(
      passage.name,
      this.#answer((id) => ({ id, kind: "survey", passage })),
    );
    if (reply.kind !== "survey") throw new Error("the reading thread gave no survey");
    return reply.survey;
  }

  /**
   * The rows of a passage as lines, and their sums when all have been read. The thread works no further ahead than a
   * few batches; a stream that is destroyed stops it.
   */
  lines(passage: Passage): { lines: Readable; sums: Promise<Counted> } {
    let granted = 0;
    const grant = (): void => {
      const batches = underWay - granted;
      if (batches <= 0 || !this.#pending.has(id)) return;
      granted = underWay;
      this.#worker.postMessage({ id, kind: "credit", batches } satisfies Request);
    };
    const lines = new Readable({
      highWaterMark: held,
      read: grant,
      destroy: (error, callback) => {
        const pending = this.#pending.get(id);
        if (pending !== undefined) {
          this.#worker.postMessage({ id, kind: "cancel" } satisfies Request);
          this.#pending.delete(id);
          pending.failed(error ?? new Error("no more is wanted"));
        }
        callback(error);
      },
    });
    const { promise, resolve, reject } = Promise.withResolvers<Counted>();
    promise.catch(nothing);
    const id = this.#ask((number) => ({ id: number, kind: "lines", passage }), {
      batch: (bytes) => {
        granted--;
        if (lines.push(bytes)) grant();
      },
      done: (reply) => {
        resolve(sumsOf(reply));
        lines.push(null);
      },
      failed: (cause) => {
        const error = named(passage.name, cause);
        reject(error);
        if (!lines.destroyed) lines.destroy(error);
      },
    });
    return { lines, sums: promise };
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}

const named = (name: string, error: unknown): Error =>
  new Error(`Reading ${name} failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error });

const naming = <Result>(name: string, reading: Promise<Result>): Promise<Result> =>
  reading.catch((error: unknown) => {
    throw named(name, error);
  });

function sumsOf(reply: Reply): Counted {
  if (reply.kind !== "sums") throw new Error("the reading thread gave no sums");
  const { rows, first, second, doubtful } = reply;
  return { sums: { rows: rows.toString(), first: first.toString(), second: second.toString() }, doubtful };
}
