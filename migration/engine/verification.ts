import type pg from "pg";
import { placeOf } from "../plans/columns.ts";
import { mappedTables, type MappedTable, type Plan } from "../plans/plan.ts";
import type { Profile } from "../sources/source.ts";
import type { Tier } from "../sql/fingerprint.ts";
import { inTurns } from "../sql/turns.ts";
import type { Subject, Sums } from "../sql/fingerprints.ts";
import { coversAll, wholeTable, type Chunk } from "../sql/range.ts";
import { targetFingerprints } from "../target/fingerprints.ts";
import type { StoredChunk } from "../target/runs.ts";
import { joinMoved, locate, sameSums, type Difference } from "./compare.ts";
import {
  checkAccounts,
  checkIdentity,
  checkPlatformRoles,
  checkSequences,
  checkStrays,
  checkTallies,
  result,
  type Result,
} from "./rules.ts";
import { Interrupted } from "./outcome.ts";
import { checkLandedRows } from "./landed-rows.ts";
import { checkQuarantine } from "./quarantine.ts";
import { readBack } from "./read-back.ts";
import type { Worker } from "./workers.ts";

export interface VerificationInput {
  readonly plan: Plan;
  readonly tier: Tier;
  /** Tables whose rows came straight from a database that is not PostgreSQL; they are compared as text. */
  readonly isDirect: (source: string) => boolean;
  readonly workers: readonly [Worker, ...Worker[]];
  readonly control: pg.Client;
  readonly target: pg.ClientConfig;
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly chunks: readonly StoredChunk[];
  /**
   * Whether this very run has landed it all: the source's sums are those of its checkpoints, and foreign keys hold. Else
   * both are worked out anew.
   */
  readonly justLanded: boolean;
  /** Ends it between two chunks, with Interrupted. */
  readonly signal?: AbortSignal;
}

export interface Verification {
  readonly results: readonly Result[];
  /** Rows in the target per legacy table. */
  readonly landed: ReadonlyMap<string, number>;
}

/** Compares what landed with what was there, by sums over every chunk and by rules over the whole. */
export async function verify(input: VerificationInput): Promise<Verification> {
  const { plan, control, workers } = input;
  const content = await checkContent(input);
  const [first] = workers;
  const accounts = await checkAccounts(control, plan, { profiles: input.profiles, counted: content.counted });
  const tables = mappedTables(plan);
  const results = await inOrder(
    [first.target, ...workers.slice(1).map(({ target }) => target), control],
    [
      ...tables.map((table) => (client: pg.Client) => checkLandedRows(client, plan, { ...input, table })),
      ...[...new Set(tables.map(({ target }) => target))].map((target) => async (client: pg.Client) => [
        await checkIdentity(client, plan, target),
      ]),
      (client) => checkSequences(client, plan),
      (client) => checkTallies(client, plan, first.reader),
      async () => [await checkRights(input)],
      async (client) => [await checkPlatformRoles(client, plan)],
      async (client) => [await checkStrays(client, plan, input)],
    ],
  );
  const held = await checkQuarantine({ ...input, worker: first });
  const back = await readBack(plan, control, input.target);
  return { results: [...content.results, ...accounts.results, ...held, ...results, ...back], landed: accounts.landed };
}

/** Gives each check to the next free connection, and their results in the order of the checks. */
async function inOrder(
  clients: readonly pg.Client[],
  checks: readonly ((client: pg.Client) => Promise<readonly Result[]>)[],
): Promise<Result[]> {
  const found = checks.map((): readonly Result[] => []);
  await inTurns(clients, [...checks.entries()], async (client, [place, check]) => {
    found[place] = await check(client);
  });
  return found.flat();
}

/**
 * One result a target table: the sums of all its chunks, and the rows and columns in which they differ. Also how many
 * rows there are, of the tables of which all are compared.
 */
async function checkContent(
  input: VerificationInput,
): Promise<{ results: Result[]; counted: ReadonlyMap<string, number> }> {
  const tallies = mappedTables(input.plan).map((table) => new ContentTally(table));
  const work = tallies.flatMap((tally) => chunksOf(input, tally.table).map((chunk) => ({ chunk, tally })));
  await inTurns(input.workers, work, async (worker, { chunk, tally }) => {
    if (input.signal?.aborted === true) throw new Interrupted();
    const direct = input.isDirect(tally.table.source);
    const subject = { table: tally.table, chunk, direct };
    const tier = direct ? "text" : input.tier;
    const target = targetFingerprints(worker.target, input.plan);
    const found = await target.sums(subject, tier);
    const expected =
      input.justLanded && chunk.sums !== undefined ? chunk.sums : await worker.reader.fingerprints.sums(subject, tier);
    tally.add(expected, found);
    if (sameSums(expected, found)) return;
    // A source that is not PostgreSQL knows sums only; a verification by itself looks at a staging copy, and names the rows.
    tally.addDifferences(direct ? { differences: [], more: true } : await locateIn(worker, input, subject));
  });
  const whole = tallies.filter(({ table }) => !input.isDirect(table.source));
  return {
    results: tallies.map((tally) => tally.result()),
    counted: new Map(whole.map((tally) => [tally.table.source, tally.found])),
  };
}

/** The chunks that a table is compared by: those that it was copied in, unless they leave some of it out. */
function chunksOf(
  { chunks }: VerificationInput,
  { source }: MappedTable,
): (Chunk & Partial<Pick<StoredChunk, "sums">>)[] {
  const own = chunks.filter((chunk) => chunk.source === source);
  return coversAll(own) ? own : [wholeTable];
}

const locateIn = (worker: Worker, input: VerificationInput, subject: Subject) =>
  locate(
    {
      plan: input.plan,
      source: worker.reader.fingerprints,
      target: targetFingerprints(worker.target, input.plan),
    },
    subject,
    input.tier,
  );

/** Everybody may do here what they might do there, no more and no less. */
async function checkRights(input: VerificationInput): Promise<Result> {
  const [worker] = input.workers;
  const [expected, found] = await Promise.all([
    worker.reader.fingerprints.sums("rights", input.tier),
    targetFingerprints(worker.target, input.plan).sums("rights", input.tier),
  ]);
  const located = sameSums(expected, found) ? undefined : await locateIn(worker, input, "rights");
  return result("effective-rights", "accounts.users", {
    expected: describe(expected, "holders"),
    found: describe(found, "holders"),
    ...(located === undefined ? {} : { detail: located }),
  });
}

const describe = (sums: Sums, what: string): string => `${sums.rows} ${what}, sums ${sums.first} ${sums.second}`;

const mostListed = 100;

class ContentTally {
  readonly table: MappedTable;
  readonly #expected = { rows: 0n, first: 0n, second: 0n };
  readonly #found = { rows: 0n, first: 0n, second: 0n };
  readonly #differences: Difference[] = [];
  #more = false;
  #differs = false;

  constructor(table: MappedTable) {
    this.table = table;
  }

  /** Rows in the target. */
  get found(): number {
    return Number(this.#found.rows);
  }

  add(expected: Sums, found: Sums): void {
    for (const [total, sums] of [
      [this.#expected, expected],
      [this.#found, found],
    ] as const) {
      total.rows += BigInt(sums.rows);
      total.first += BigInt(sums.first);
      total.second += BigInt(sums.second);
    }
    if (!sameSums(expected, found)) this.#differs = true;
  }

  addDifferences(located: { differences: readonly Difference[]; more: boolean }): void {
    this.#differences.push(...located.differences);
    if (located.more || this.#differences.length > mostListed) this.#more = true;
    this.#differences.length = Math.min(this.#differences.length, mostListed);
  }

  result(): Result {
    const text = (sums: { rows: bigint; first: bigint; second: bigint }): string =>
      describe({ rows: sums.rows.toString(), first: sums.first.toString(), second: sums.second.toString() }, "rows");
    const differences = joinMoved(this.#differences, this.table.range.target);
    return {
      name: "content",
      subject: placeOf(this.table),
      passed: !this.#differs,
      expected: text(this.#expected),
      found: text(this.#found),
      ...(this.#differs ? { detail: { differences, more: this.#more } } : {}),
    };
  }
}
