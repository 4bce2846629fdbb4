import type { Readable } from "node:stream";
import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { carriedTables, type FoldedTable, type MappedTable } from "../../plans/plan.ts";
import type { Connection } from "../../sql/connection.ts";
import { isExtract, PostgresFingerprints, rightsRelation, type Extract, type Subject } from "../../sql/fingerprints.ts";
import { wholeTable, type Chunk } from "../../sql/range.ts";
import type { Selection, SourceReader } from "../source.ts";
import { mappingSelect } from "./mapping.ts";
import { inWindow, landing, type Place, type Rejected } from "./place.ts";
import { quarantineSelect, type Ruling } from "./verdict.ts";

/** What the profiles settled: who is rejected, and what each verdict means. */
export interface Settled {
  readonly place: Place;
  /** Whether the source is a staging copy in the target's own server. */
  readonly inTarget: boolean;
  readonly rejected: Rejected;
  readonly rulings: ReadonlyMap<string, readonly Ruling[]>;
}

/** A connection to a PostgreSQL source, inside the snapshot. */
export class PostgresReader implements SourceReader {
  readonly fingerprints: PostgresFingerprints;
  readonly #connection: Connection;
  readonly #settled: Settled;

  constructor(connection: Connection, settled: Settled) {
    this.#connection = connection;
    this.#settled = settled;
    this.fingerprints = new PostgresFingerprints(connection.client, {
      plan: settled.place.plan,
      relation: (subject) => this.#select(subject),
    });
  }

  get #client(): pg.Client {
    return this.#connection.client;
  }

  #select(subject: Subject): string {
    if (subject === "rights") return rightsRelation(this.#rights());
    if (!isExtract(subject)) return this.#held(subject.quarantineOf);
    const { table, chunk } = subject;
    return mappingSelect(this.#settled.place, table, { chunk, rejected: this.#settled.rejected });
  }

  async types(table: MappedTable): Promise<number[]> {
    const result = await this.#client.query(`${this.#select({ table, chunk: wholeTable })} LIMIT 0`);
    return result.fields.map(({ dataTypeID }) => dataTypeID);
  }

  selection(extract: Extract): Selection | undefined {
    const { place, inTarget } = this.#settled;
    return inTarget ? { query: this.#select(extract), schema: place.schema } : undefined;
  }

  rows(extract: Extract, format: "binary" | "text"): Readable {
    return this.#client.query(copyTo(`COPY (${this.#select(extract)}) TO STDOUT (FORMAT ${format})`));
  }

  heldRows(table: MappedTable | FoldedTable, chunk: Chunk, runId: string): Readable {
    const { place } = this.#settled;
    const rejected = this.#settled.rejected.get(table.source);
    const rulings = this.#settled.rulings.get(table.source) ?? [];
    if (rejected === undefined) throw new Error(`No row of ${table.source} is rejected.`);
    const select = quarantineSelect(place, table, { chunk, runId, rejected, rulings });
    return this.#client.query(copyTo(`COPY (${select}) TO STDOUT`));
  }

  #held(source: string): string {
    const { place } = this.#settled;
    const table = carriedTables(place.plan).find((one) => one.source === source);
    const rejected = this.#settled.rejected.get(source);
    const columns = `"legacy_id", rule, reason, legacy_row`;
    if (table === undefined || rejected === undefined)
      return `SELECT ${columns} FROM (VALUES ('', '', '', '{}'::jsonb)) q (${columns}) WHERE false`;
    const rulings = this.#settled.rulings.get(source) ?? [];
    const select = quarantineSelect(place, table, { chunk: wholeTable, runId: "0", rejected, rulings });
    return `SELECT ${columns} FROM (${select}) q (system, run_id, source_table, ${columns})`;
  }

  #rights(): string {
    const { plan } = this.#settled.place;
    return inWindow(plan, plan.rights).replaceAll(/\{(\w+)\}/g, (_, table: string) => this.#landing(table));
  }

  async tally(name: string): Promise<Map<string, string>> {
    const tally = this.#settled.place.plan.tallies.find((one) => one.name === name);
    if (tally === undefined) throw new Error(`The plan has no tally "${name}".`);
    const query = `SELECT ${tally.sourceGroup} AS name, count(*) AS rows FROM ${this.#landing(tally.source)} t GROUP BY 1`;
    const result = await this.#client.query<{ name: string; rows: string }>(query);
    return new Map(result.rows.map((row) => [row.name, row.rows]));
  }

  #landing(source: string): string {
    const { place, rejected } = this.#settled;
    const table = carriedTables(place.plan).find((one) => one.source === source);
    if (table === undefined) throw new Error(`The plan does not carry ${source}.`);
    return landing(place, table, rejected);
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }
}
