import { columnsOf, type Fingerprints, type HashedRow, type Subject, type Sums } from "../sql/fingerprints.ts";
import type { Plan } from "../plans/plan.ts";
import type { Tier } from "../sql/fingerprint.ts";

/** A row that is not the same on both sides; values are never named, for they may be anything. */
export interface Difference {
  readonly legacyId: string;
  readonly fault: "missing" | "unexpected" | "differs";
  readonly columns?: readonly string[];
}

export interface Located {
  readonly differences: readonly Difference[];
  /** Whether there are more than are listed. */
  readonly more: boolean;
}

export const sameSums = (one: Sums, other: Sums): boolean =>
  one.rows === other.rows && one.first === other.first && one.second === other.second;

/** The two sides of a plan. */
export interface Sides {
  readonly plan: Plan;
  readonly source: Fingerprints;
  readonly target: Fingerprints;
}

/** Rows that are listed of one subject at most, and buckets (of 256) that are opened for that. */
const mostDifferences = 100;
const mostBuckets = 16;

/**
 * The rows, and their columns, in which two sides differ. The subject is narrowed to the buckets of legacy ids whose
 * sums differ, and only their rows' hashes are fetched; so it takes little memory whatever the size.
 */
export async function locate(sides: Sides, subject: Subject, tier: Tier): Promise<Located> {
  const [expected, found] = await Promise.all([
    sides.source.bucketSums(subject, tier),
    sides.target.bucketSums(subject, tier),
  ]);
  const differing = differingBuckets(expected, found);
  const buckets = differing.slice(0, mostBuckets);
  if (buckets.length === 0) return { differences: [], more: false };
  const [before, after] = await Promise.all([
    sides.source.bucketRows(subject, { tier, buckets }),
    sides.target.bucketRows(subject, { tier, buckets }),
  ]);
  const all = differingRows(before, after);
  const differences = all.slice(0, mostDifferences);
  return {
    differences: await nameColumns(sides, subject, differences),
    more: differing.length > buckets.length || all.length > differences.length,
  };
}

/** Numbers of the buckets that differ or that only one side has. */
export function differingBuckets(
  expected: readonly (Sums & { bucket: number })[],
  found: readonly (Sums & { bucket: number })[],
): number[] {
  const before = new Map(expected.map((bucket) => [bucket.bucket, bucket]));
  const after = new Map(found.map((bucket) => [bucket.bucket, bucket]));
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((number) => {
      const [one, other] = [before.get(number), after.get(number)];
      return one === undefined || other === undefined || !sameSums(one, other);
    })
    .sort((one, other) => one - other);
}

/** Rows that only one side has, has more often, or has otherwise. */
export function differingRows(expected: readonly HashedRow[], found: readonly HashedRow[]): Difference[] {
  const before = Map.groupBy(expected, ({ legacyId }) => legacyId);
  const after = Map.groupBy(found, ({ legacyId }) => legacyId);
  const differences: Difference[] = [];
  for (const legacyId of new Set([...before.keys(), ...after.keys()])) {
    const [ones, others] = [before.get(legacyId) ?? [], after.get(legacyId) ?? []];
    const [one, other] = [ones[0], others[0]];
    if (ones.length > others.length) differences.push({ legacyId, fault: "missing" });
    else if (ones.length < others.length) differences.push({ legacyId, fault: "unexpected" });
    else if (one?.first !== other?.first || one?.second !== other?.second)
      differences.push({ legacyId, fault: "differs" });
  }
  return differences;
}

/**
 * The differences of several chunks of one table. A row that one chunk lacks and another has beyond its own is the same
 * row, in which the column that the table is cut by is another.
 */
export function joinMoved(differences: readonly Difference[], rangeColumn: string): Difference[] {
  const idsOf = (fault: Difference["fault"]): Set<string> =>
    new Set(differences.filter((one) => one.fault === fault).map(({ legacyId }) => legacyId));
  const [missing, unexpected] = [idsOf("missing"), idsOf("unexpected")];
  return differences.flatMap((difference): Difference[] => {
    const { legacyId, fault } = difference;
    if (!missing.has(legacyId) || !unexpected.has(legacyId)) return [difference];
    return fault === "missing" ? [{ legacyId, fault: "differs", columns: [rangeColumn] }] : [];
  });
}

async function nameColumns(sides: Sides, subject: Subject, differences: readonly Difference[]): Promise<Difference[]> {
  const ids = differences.filter(({ fault }) => fault === "differs").map(({ legacyId }) => legacyId);
  if (ids.length === 0) return [...differences];
  const [before, after] = await Promise.all([
    sides.source.columnDigests(subject, ids),
    sides.target.columnDigests(subject, ids),
  ]);
  const names = columnsOf(sides.plan, subject).map(({ name }) => name);
  return differences.map((difference) => {
    const expected = before.find(({ legacyId }) => legacyId === difference.legacyId)?.digests;
    const found = after.find(({ legacyId }) => legacyId === difference.legacyId)?.digests;
    if (difference.fault !== "differs" || expected === undefined || found === undefined) return difference;
    return { ...difference, columns: names.filter((_, index) => expected[index] !== found[index]) };
  });
}
