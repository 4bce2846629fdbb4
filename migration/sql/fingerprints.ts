import type pg from "pg";
import { targetColumns, type TargetColumn } from "../plans/columns.ts";
import type { MappedTable, Plan } from "../plans/plan.ts";
import { landedColumns } from "../plans/repairs.ts";
import { bucketRows, bucketSums, columnDigests, sums, type Tier } from "./fingerprint.ts";
import type { Chunk } from "./range.ts";

/** One table's rows within a chunk, as they land. */
export interface Extract {
  readonly table: MappedTable;
  readonly chunk: Chunk;
  /** Whether the rows come straight from a database that is not PostgreSQL; they have no `legacy_extra` then. */
  readonly direct?: boolean;
}

/** The rows of one legacy table that are in quarantine. */
export interface Held {
  readonly quarantineOf: string;
}

/** What can be compared between a source and the target: a chunk's rows, those in quarantine, or everybody's effective rights. */
export type Subject = Extract | Held | "rights";

export const isExtract = (subject: Subject): subject is Extract => subject !== "rights" && !("quarantineOf" in subject);

const heldColumns = [
  { name: "legacy_id", type: "text" },
  { name: "rule", type: "text" },
  { name: "reason", type: "text" },
  { name: "legacy_row", type: "jsonb" },
];

/** Count and two sums of 64-bit row hashes, as decimal texts. */
export interface Sums {
  readonly rows: string;
  readonly first: string;
  readonly second: string;
}

export interface Bucket extends Sums {
  readonly bucket: number;
}

export interface HashedRow {
  readonly legacyId: string;
  readonly first: string;
  readonly second: string;
}

export interface DigestedRow {
  readonly legacyId: string;
  readonly digests: readonly string[];
}

/** Sums and hashes of subjects, worked out inside a database. Values never leave it. */
export interface Fingerprints {
  sums(subject: Subject, tier: Tier): Promise<Sums>;
  bucketSums(subject: Subject, tier: Tier): Promise<Bucket[]>;
  bucketRows(subject: Subject, of: { tier: Tier; buckets: readonly number[] }): Promise<HashedRow[]>;
  columnDigests(subject: Subject, legacyIds: readonly string[]): Promise<DigestedRow[]>;
}

/** The columns that are compared of a subject; a holder of rights is one row with the digest of them all. */
export function columnsOf(plan: Plan, subject: Subject): TargetColumn[] {
  if (isExtract(subject))
    return subject.direct === true ? targetColumns(plan, subject.table) : landedColumns(plan, subject.table);
  if (subject !== "rights") return heldColumns;
  return [
    { name: "legacy_id", type: "text" },
    { name: "rights", type: "text" },
  ];
}

/** The rights of each holder as one row, over `(holder, holding)`. */
export const rightsRelation = (holdings: string): string =>
  `SELECT h.holder AS "legacy_id", md5(string_agg(DISTINCT h.holding, E'\\n' ORDER BY h.holding)) AS "rights"
FROM (SELECT g.holder, g.holding COLLATE "C" AS holding FROM (${holdings}) g) h GROUP BY h.holder`;

/** Fingerprints of a PostgreSQL database, where `relation` says how it holds a subject. */
export class PostgresFingerprints implements Fingerprints {
  readonly #client: pg.Client;
  readonly #plan: Plan;
  readonly #relation: (subject: Subject) => string;

  constructor(client: pg.Client, of: { plan: Plan; relation: (subject: Subject) => string }) {
    this.#client = client;
    this.#plan = of.plan;
    this.#relation = of.relation;
  }

  async sums(subject: Subject, tier: Tier): Promise<Sums> {
    const result = await this.#client.query<Sums>(sums(this.#relation(subject), columnsOf(this.#plan, subject), tier));
    return result.rows[0] ?? { rows: "0", first: "0", second: "0" };
  }

  async bucketSums(subject: Subject, tier: Tier): Promise<Bucket[]> {
    return (await this.#client.query<Bucket>(bucketSums(this.#relation(subject), columnsOf(this.#plan, subject), tier)))
      .rows;
  }

  async bucketRows(subject: Subject, of: { tier: Tier; buckets: readonly number[] }): Promise<HashedRow[]> {
    const query = bucketRows(this.#relation(subject), columnsOf(this.#plan, subject), of);
    const result = await this.#client.query<{ legacy_id: string; first: string; second: string }>(query);
    return result.rows.map(({ legacy_id, first, second }) => ({ legacyId: legacy_id, first, second }));
  }

  async columnDigests(subject: Subject, legacyIds: readonly string[]): Promise<DigestedRow[]> {
    const query = columnDigests(this.#relation(subject), columnsOf(this.#plan, subject), legacyIds);
    const result = await this.#client.query<{ legacy_id: string; digests: string[] }>(query);
    return result.rows.map(({ legacy_id, digests }) => ({ legacyId: legacy_id, digests }));
  }
}
