import type { Readable } from "node:stream";
import type { MappedTable, Plan } from "../../plans/plan.ts";
import type { Sums } from "../../sql/fingerprints.ts";
import { wholeTable, type Chunk } from "../../sql/range.ts";
import type { DirectReader } from "../foreign.ts";
import type { LongestEntry } from "../source.ts";
import { cellOf, stagedLine, type Cell } from "./cells.ts";
import { directLine, directOf, surveyOf } from "./direct.ts";
import type { MariaDBCatalogue, TableDefinition } from "./introspection.ts";
import { copyLine, rowOf, textsOf } from "./line.ts";
import { Lines } from "./lines.ts";
import { doubt, misfit, plainLine } from "./plain.ts";
import { rangeOf } from "./range.ts";
import type { Session } from "./session.ts";
import { name } from "./sql.ts";
import { plainSums, soundSums, stagedSums } from "./sums.ts";

/** What a reader reads of: the catalogue, and the plan whose tables it can send straight into the target. */
export interface Reading {
  readonly catalogue: MariaDBCatalogue;
  readonly plan: Plan | undefined;
}

/** A connection to a MariaDB source, inside the snapshot. */
export class MariaDBReader implements DirectReader {
  readonly #session: Session;
  readonly #reading: Reading;
  readonly #release: () => void;

  constructor(session: Session, reading: Reading, release: () => void) {
    this.#session = session;
    this.#reading = reading;
    this.#release = release;
  }

  plain(table: string, chunk: Chunk): Readable {
    const definition = definitionOf(this.#reading.catalogue, table);
    const line = `IF(${misfit(definition)}, NULL, ${plainLine(definition, "copy")})`;
    return new Lines(this.#session, {
      place: placeOf(table, chunk),
      sql: `SELECT ${line} ${fromChunk(table, definition, chunk)}`,
      mend: () => undefined,
    });
  }

  async plainSums(table: string, chunk: Chunk): Promise<{ sums: Sums; doubtful: number }> {
    const definition = definitionOf(this.#reading.catalogue, table);
    const canonical = plainLine(definition, "canonical");
    const from = fromChunk(table, definition, chunk);
    return this.#told(table, chunk, () => plainSums(this.#session, { canonical, doubt: doubt(definition), from }));
  }

  doubtful(table: string, chunk: Chunk): Readable {
    const definition = definitionOf(this.#reading.catalogue, table);
    const cells = cellsOf(definition);
    const from = `${fromChunk(table, definition, chunk)} AND (${doubt(definition)})`;
    const line = stagedLine(cells);
    return new Lines(this.#session, {
      place: placeOf(table, chunk),
      sql: `SELECT ${line} ${from}`,
      mend: (odd) => copyLine(textsOf(cells, rowOf(cells, odd))),
      long: {
        sql: `SELECT ${cells.map(({ stored }) => stored).join(", ")} ${from} AND ${line} IS NULL`,
        line: (row) => copyLine(textsOf(cells, row)),
      },
    });
  }

  async doubtfulSums(table: string, chunk: Chunk): Promise<Sums> {
    const definition = definitionOf(this.#reading.catalogue, table);
    const from = `${fromChunk(table, definition, chunk)} AND (${doubt(definition)})`;
    return this.#told(table, chunk, () => stagedSums(this.#session, cellsOf(definition), from));
  }

  async survey(table: MappedTable, longest: readonly LongestEntry[]): Promise<{ rows: number; unclean: number }> {
    const direct = directOf(this.#reading, table);
    return this.#told(table.source, wholeTable, () => surveyOf(this.#session, direct, longest));
  }

  mapped(table: MappedTable, chunk: Chunk): Readable {
    const direct = directOf(this.#reading, table);
    const from = fromChunk(table.source, direct.definition, chunk);
    const refuse = (): never => {
      throw new Error("a row needs more than the plain conversion, which the survey did not find");
    };
    return new Lines(this.#session, {
      place: placeOf(table.source, chunk),
      sql: `SELECT ${directLine(direct, "copy")} ${from}`,
      mend: refuse,
      long: { sql: `SELECT 1 ${from} AND ${directLine(direct, "copy")} IS NULL`, line: refuse },
    });
  }

  async mappedSums(table: MappedTable, chunk: Chunk): Promise<Sums> {
    const direct = directOf(this.#reading, table);
    const from = fromChunk(table.source, direct.definition, chunk);
    return this.#told(table.source, chunk, () => soundSums(this.#session, directLine(direct, "canonical"), from));
  }

  async #told<Result>(table: string, chunk: Chunk, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw failure(placeOf(table, chunk), error);
    }
  }

  close(): Promise<void> {
    this.#release();
    return Promise.resolve();
  }
}

/** An error that says what was read when it happened. */
export const failure = (place: string, error: unknown): Error =>
  new Error(`Reading ${place} failed: ${error instanceof Error ? error.message : String(error)}`);

/** A table's definition. @throws when the source has no such table */
export function definitionOf(catalogue: MariaDBCatalogue, table: string): TableDefinition {
  const definition = catalogue.tables.get(table);
  if (definition === undefined) throw new Error(`The source has no table ${table}.`);
  return definition;
}

const cellsOf = (definition: TableDefinition): Cell[] => [...definition.columns.values()].map(cellOf);

const fromChunk = (table: string, definition: TableDefinition, chunk: Chunk): string =>
  `FROM ${name(table)} t WHERE ${rangeOf(definition, chunk)}`;

const placeOf = (table: string, { number, low, high }: Chunk): string =>
  `${table}, chunk ${number.toString()} (${low ?? "beginning"} to ${high ?? "end"}),`;
