import { Readable } from "node:stream";
import type { MappedTable, Plan } from "../../plans/plan.ts";
import type { Sums } from "../../sql/fingerprints.ts";
import { wholeTable, type Chunk } from "../../sql/range.ts";
import type { DirectTable } from "../direct.ts";
import type { DirectReader } from "../foreign.ts";
import type { Introspection, SQLiteTable } from "./introspection.ts";
import { directMapping, directText } from "./mapping.ts";
import type { Marks } from "./marks.ts";
import type { Passage, Survey } from "./protocol.ts";
import { manyRows, partName, stagedPassage, stepsThrough } from "./relation.ts";
import { identifier } from "./quote.ts";
import { surveyPassage } from "./survey.ts";
import type { DatabaseThread } from "./thread.ts";

/** What a reader reads, and with what. */
export interface Reading {
  readonly thread: DatabaseThread;
  readonly introspection: Introspection;
  readonly marks: Marks;
  readonly plan: Plan | undefined;
}

const partOf = (kind: string, table: string, { low, high }: Chunk): string => JSON.stringify([kind, table, low, high]);

/** Reads the copy of a SQLite database in a thread of its own. */
export class SQLiteReader implements DirectReader {
  readonly #reading: Reading;
  /** The lines' sums come with them; whoever asks for the same part next gets these. */
  #last: { part: string; sums: Promise<Sums> } | undefined;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  staged(table: string, chunk: Chunk): Readable {
    return this.#lines(partOf("staged", table, chunk), () => this.#stagedPassage(table, chunk));
  }

  async stagedSums(table: string, chunk: Chunk): Promise<Sums> {
    return this.#sums(partOf("staged", table, chunk), () => this.#stagedPassage(table, chunk));
  }

  mapped(table: MappedTable, chunk: Chunk): Readable {
    return this.#lines(partOf("mapped", table.source, chunk), () => this.#mappedPassage(table, chunk));
  }

  async mappedSums(table: MappedTable, chunk: Chunk): Promise<Sums> {
    return this.#sums(partOf("mapped", table.source, chunk), () => this.#mappedPassage(table, chunk));
  }

  async survey(table: MappedTable): Promise<Survey> {
    const direct = this.#direct(table);
    const stored = this.#table(direct.source);
    // By another key than the rows' own numbers the chunks would be others.
    if (stored.rowid !== direct.key) {
      const rows = await this.#reading.thread.query(`SELECT count(*) FROM ${identifier(direct.source)}`);
      const count = Number(rows[0]?.[0] ?? 0);
      return { rows: count, unclean: count };
    }
    const { tables } = this.#reading.introspection;
    return this.#reading.thread.survey(surveyPassage(direct, stored, { tables, chunk: wholeTable }));
  }

  async close(): Promise<void> {
    await this.#reading.thread.close();
  }

  #lines(part: string, passage: () => Passage): Readable {
    try {
      const { lines, sums } = this.#reading.thread.lines(passage());
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

  async #sums(part: string, passage: () => Passage): Promise<Sums> {
    if (this.#last?.part === part) return this.#last.sums;
    return this.#reading.thread.sums(passage());
  }

  #table(name: string): SQLiteTable {
    const table = this.#reading.introspection.tables.get(name);
    if (table === undefined) throw new Error(`The database has no table ${name}.`);
    return table;
  }

  #stagedPassage(table: string, chunk: Chunk): Passage {
    const { marks, introspection } = this.#reading;
    return stagedPassage(this.#table(table), chunk, { marks, encoding: introspection.encoding });
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
    return { name: partName(source, chunk), width: columns.length, parameters: [], steps };
  }
}
