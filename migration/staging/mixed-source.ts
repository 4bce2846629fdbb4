import { NeedsStaging } from "../engine/outcome.ts";
import { repairsOf } from "../plans/repairs.ts";
import { demandsOf, referencesOf } from "../plans/order.ts";
import type { FoldedTable, MappedTable, Plan } from "../plans/plan.ts";
import type { DirectReader, ForeignSnapshot, ForeignSource } from "../sources/foreign.ts";
import type {
  LongestEntry,
  Profile,
  Selection,
  Source,
  SourceReader,
  SourceSnapshot,
  TargetConstraint,
} from "../sources/source.ts";
import { isExtract, type Extract, type Fingerprints, type Subject } from "../sql/fingerprints.ts";
import type { Chunk } from "../sql/range.ts";

export interface Mixture {
  readonly plan: Plan;
  /** The staging copy of all other tables. */
  readonly staged: Source;
  readonly foreign: ForeignSource;
  /** The moment of the foreign source that was staged; it stays open. */
  readonly moment: ForeignSnapshot;
  /** Tables whose rows come straight from the foreign source. */
  readonly direct: ReadonlySet<string>;
}

/** A source of which some tables are read where they are, and the others in their staging copy. */
export class MixedSource implements Source {
  readonly catalogue: Source["catalogue"];
  readonly #of: Mixture;

  constructor(of: Mixture) {
    this.#of = of;
    this.catalogue = of.staged.catalogue;
  }

  selfTest(): Promise<{ first: string; second: string } | undefined> {
    return this.#of.staged.selfTest();
  }

  async snapshot(): Promise<SourceSnapshot> {
    return new MixedSnapshot(this.#of, await this.#of.staged.snapshot());
  }

  close(): Promise<void> {
    return this.#of.staged.close();
  }
}

class MixedSnapshot implements SourceSnapshot {
  readonly #of: Mixture;
  readonly #staged: SourceSnapshot;
  readonly #held = new Set<string>();

  constructor(of: Mixture, staged: SourceSnapshot) {
    this.#of = of;
    this.#staged = staged;
  }

  isDirect(source: string): boolean {
    return this.#of.direct.has(source);
  }

  async profile(table: MappedTable | FoldedTable, constraints: readonly TargetConstraint[]): Promise<Profile> {
    if (table.disposition === "folded" || !this.isDirect(table.source)) {
      const profile = await this.#staged.profile(table, constraints);
      if (profile.rejected > 0) this.#held.add(table.source);
      return profile;
    }
    if ([...demandsOf(table), ...referencesOf(table)].some(({ to }) => this.#held.has(to)))
      throw new NeedsStaging(table.source);
    const longest = constraints.flatMap((constraint) => constraint.longest ?? []);
    const { rows, unclean } = await this.#survey(table, longest);
    if (unclean > 0) throw new NeedsStaging(table.source);
    return {
      rows,
      rejected: 0,
      quarantine: [],
      repairs: repairsOf(this.#of.plan, table).map(({ name }) => ({ name, rows: 0 })),
      repaired: 0,
      bytes: this.#of.foreign.catalogue.tables.get(table.source)?.bytes ?? 0,
    };
  }

  async #survey(table: MappedTable, longest: readonly LongestEntry[]): Promise<{ rows: number; unclean: number }> {
    const reader = await this.#of.moment.reader();
    try {
      return await reader.survey(table, longest);
    } finally {
      await reader.close();
    }
  }

  count(source: string): Promise<number> {
    return this.#staged.count(source);
  }

  boundaries(table: MappedTable, of: { rows: number; perChunk: number }): Promise<string[]> {
    if (!this.isDirect(table.source)) return this.#staged.boundaries(table, of);
    return of.rows <= of.perChunk ? Promise.resolve([]) : this.#of.moment.boundaries(table.source, of.perChunk);
  }

  async reader(): Promise<SourceReader> {
    const foreign = await this.#of.moment.reader();
    try {
      return new MixedReader(this.#of, { foreign, staged: await this.#staged.reader() });
    } catch (error) {
      await foreign.close();
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#staged.close();
  }
}

class MixedReader implements SourceReader {
  readonly fingerprints: Fingerprints;
  readonly #of: Mixture;
  readonly #readers: { readonly foreign: DirectReader; readonly staged: SourceReader };

  constructor(of: Mixture, readers: { foreign: DirectReader; staged: SourceReader }) {
    this.#of = of;
    this.#readers = readers;
    const { foreign, staged } = readers;
    const there = staged.fingerprints;
    this.fingerprints = {
      sums: (subject, tier) =>
        this.#isDirect(subject) ? foreign.mappedSums(subject.table, subject.chunk) : there.sums(subject, tier),
      bucketSums: (subject, tier) => there.bucketSums(subject, tier),
      bucketRows: (subject, buckets) => there.bucketRows(subject, buckets),
      columnDigests: (subject, ids) => there.columnDigests(subject, ids),
    };
  }

  #isDirect(subject: Subject): subject is Extract {
    return isExtract(subject) && this.#of.direct.has(subject.table.source);
  }

  types(table: MappedTable): Promise<number[] | undefined> {
    return this.#of.direct.has(table.source) ? Promise.resolve(undefined) : this.#readers.staged.types(table);
  }

  selection(extract: Extract): Selection | undefined {
    return this.#isDirect(extract) ? undefined : this.#readers.staged.selection(extract);
  }

  rows(extract: Extract, format: "binary" | "text"): ReturnType<SourceReader["rows"]> {
    return this.#isDirect(extract)
      ? this.#readers.foreign.mapped(extract.table, extract.chunk)
      : this.#readers.staged.rows(extract, format);
  }

  heldRows(table: MappedTable | FoldedTable, chunk: Chunk, runId: string): ReturnType<SourceReader["heldRows"]> {
    return this.#readers.staged.heldRows(table, chunk, runId);
  }

  tally(name: string): Promise<Map<string, string>> {
    return this.#readers.staged.tally(name);
  }

  async close(): Promise<void> {
    await Promise.all([this.#readers.foreign.close(), this.#readers.staged.close()]);
  }
}
