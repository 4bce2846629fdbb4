import { Readable } from "node:stream";
import type { MappedTable, Plan } from "../../plans/plan.ts";
import type { Sums } from "../../sql/fingerprints.ts";
import type { Chunk } from "../../sql/range.ts";
import type { DirectTable } from "../direct.ts";
import type { DirectReader } from "../foreign.ts";
import type { LongestEntry } from "../source.ts";
import type { Introspection, SQLiteTable } from "./introspection.ts";
import { directMapping, directText } from "./mapping.ts";
import type { Marks } from "./marks.ts";
import type { Passage, Survey } from "./protocol.ts";
import { countOf, doubtfulPassage, plainPassage, type Form } from "./passages.ts";
import { manyRows, partName, stepsThrough } from "./relation.ts";
import { identifier } from "./quote.ts";
import { surveyPassage } from "./survey.ts";
import type { Counted, DatabaseThread } from "./thread.ts";

/** What a reader reads, and with what. */
export interface Reading {
  readonly thread: DatabaseThread;
  /** Called when the reader needs its thread no longer. */
  readonly release: () => Promise<unknown>;
  readonly introspection: Introspection;
  readonly marks: Marks;
  readonly plan: Plan | undefined;
}

const partOf = (kind: string, table: string, { low, high }: Chunk): string => JSON.stringify([kind, table, low, high]);

/** Reads the copy of a SQLite database in a thread of its own. */
export class SQLiteReader implements DirectReader {
  readonly #reading: Reading;
  /** The lines' sums come with them; whoever asks for the same part next gets these. */
  #last: { part: string; sums: Promise<Counted> } | undefined;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  plain(table: string, chunk: Chunk): Readable {
    return this.#lines(partOf("plain", table, chunk), () => plainPassage(this.#table(table), chunk, this.#form));
  }

  async plainSums(table: string, chunk: Chunk): Promise<{ sums: Sums; doubtful: number }> {
    const stored = this.#table(table);
    const passage = plainPassage(stored, chunk, this.#form);
    if (passage !== undefined) return this.#sums(partOf("plain", table, chunk), () => passage);
    const { sql, parameters } = countOf(stored, chunk);
    const rows = await this.#reading.thread.query(sql, parameters);
    return { sums: { rows: "0", first: "0", second: "0" }, doubtful: Number(rows[0]?.[0] ?? 0) };
  }

  doubtful(table: string, chunk: Chunk): Readable {
    return this.#lines(partOf("doubtful", table, chunk), () => doubtfulPassage(this.#table(table), chunk, this.#form));
  }

  async doubtfulSums(table: string, chunk: Chunk): Promise<Sums> {
    const passage = (): Passage => doubtfulPassage(this.#table(table), chunk, this.#form);
    return (await this.#sums(partOf("doubtful", table, chunk), passage)).sums;
  }

  mapped(table: MappedTable, chunk: Chunk): Readable {
    return this.#lines(partOf("mapped", table.source, chunk), () => this.#mappedPassage(table, chunk));
  }

  async mappedSums(table: MappedTable, chunk: Chunk): Promise<Sums> {
    const passage = (): Passage => this.#mappedPassage(table, chunk);
    return (await this.#sums(partOf("mapped", table.source, chunk), passage)).sums;
  }

  async survey(table: MappedTable, longest: readonly LongestEntry[]): Promise<Survey> {
    const direct = this.#direct(table);
    const stored = this.#table(direct.source);
    // By another key than the rows' own numbers the chunks would be others.
    if (stored.rowid !== direct.key) {
      const rows = await this.#reading.thread.query(`SELECT count(*) FROM ${identifier(direct.source)}`);
      const count = Number(rows[0]?.[0] ?? 0);
      return { rows: count, unclean: count };
    }
    const { tables } = this.#reading.introspection;
    return this.#reading.thread.survey(surveyPassage(direct, stored, { tables, longest }));
  }

  async close(): Promise<void> {
    await this.#reading.release();
  }

  #lines(part: string, passage: () => Passage | undefined): Readable {
    try {
      const asked = passage();
      if (asked === undefined) return Readable.from([]);
      const { lines, sums } = this.#reading.thread.lines(asked);
      const own = { part, sums };
      this.#last = own;
      sums.catch(() => {
        if (this.#last === own) this.#last = undefined;
      });
      return lines;
    } catch (error) {
      return new Readable().destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }

  async #sums(part: string, passage: () => Passage): Promise<Counted> {
    if (this.#last?.part === part) return this.#last.sums;
    return this.#reading.thread.sums(passage());
  }

  #table(name: string): SQLiteTable {
    const table = this.#reading.introspection.tables.get(name);
    if (table === undefined) throw new Error(`The database has no table ${name}.`);
    return table;
  }

  get #form(): Form {
    return { marks: this.#reading.marks, encoding: this.#reading.introspection.encoding };
  }

  #direct(table: MappedTable): DirectTable {
    const { plan, introspection } = this.#reading;
    if (plan === undefined) throw new Error("A table goes straight into the target only by a plan.");
    const direct = directMapping(plan, table, introspection.catalogue);
    if (direct === undefined || introspection.encoding !== "utf-8") {
      throw new Error(`Table ${table.source} cannot go straight into the target.`);
    }
    return direct;
  }

  #mappedPassage(table: MappedTable, chunk: Chunk): Passage {
    const { marks } = this.#reading;
    const { columns, source } = this.#direct(table);
    const values = columns.map(({ value }) => directText(value, marks));
    const steps = stepsThrough(this.#table(source), chunk, manyRows(values, marks));
    return { name: partName(source, chunk), shape: { width: columns.length }, rows: { kind: "clean", steps } };
  }
}
