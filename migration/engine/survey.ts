import type pg from "pg";
import type { Logger } from "pino";
import { tablesInOrder } from "../plans/order.ts";
import { mappedTables, type FoldedTable, type MappedTable, type Plan } from "../plans/plan.ts";
import { landedColumns } from "../plans/repairs.ts";
import type { ProgressObserver } from "../progress/progress.ts";
import type { Profile, Source, SourceCatalogue, SourceSnapshot } from "../sources/source.ts";
import type { Tier } from "../sql/fingerprint.ts";
import { wholeTable } from "../sql/range.ts";
import { readTarget, type TargetTable } from "../target/catalogue.ts";
import { checkTarget, constraintsFor } from "../target/check.ts";
import { Interrupted, Refusal } from "./outcome.ts";
import { bySchedule } from "./schedule.ts";
import { chooseTier } from "./tier.ts";

export interface Surveyed {
  readonly plan: Plan;
  readonly snapshot: SourceSnapshot;
  readonly catalogue: SourceCatalogue;
  /** The target's tables as far as they exist; their constraints are a net under the plan's rules. */
  readonly targets: ReadonlyMap<string, TargetTable>;
  readonly onProfile?: (table: MappedTable | FoldedTable, profile: Profile) => void;
}

/**
 * Reads every carried table once, parents first, and says what of it lands, what does not and why. Writes nothing.
 *
 * @param surveyors how many tables may be read at a time, 1 without a word; then the profiles come in the plan's order
 */
export async function profileTables(of: Surveyed, surveyors = 1): Promise<Map<string, Profile>> {
  const profiles = new Map<string, Profile>();
  const tasks = tablesInOrder(of.plan).map((table) => ({ table, chunk: wholeTable }));
  await bySchedule(Array.from({ length: surveyors }), tasks, {
    work: async (_, { table }) => {
      const target = table.disposition === "mapped" ? of.targets.get(table.target) : undefined;
      const constraints =
        table.disposition === "mapped" && target !== undefined
          ? constraintsFor(of.plan, table, { target, catalogue: of.catalogue })
          : [];
      const profile = await of.snapshot.profile(table, constraints);
      profiles.set(table.source, profile);
      of.onProfile?.(table, profile);
    },
  });
  return profiles;
}

/** What is known before anything is written. */
export interface Survey {
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly binary: ReadonlySet<string>;
  readonly tier: Tier;
  readonly counts: ReadonlyMap<string, number>;
}

export interface SurveyOptions {
  readonly plan: Plan;
  readonly source: Source;
  readonly control: pg.Client;
  readonly hashes: "auto" | "text";
  readonly workers: number;
  readonly signal: AbortSignal;
  readonly observer: ProgressObserver;
  readonly log: Logger;
}

/**
 * Reads the whole source once, without writing anything: what lands, what goes to quarantine, and how rows travel. Throws a
 * Refusal where the plan does not fit the target.
 */
export async function takeSurvey(options: SurveyOptions, snapshot: SourceSnapshot): Promise<Survey> {
  const { plan, source, control, log, observer } = options;
  observer.phase(plan.system, "surveying");
  const targets = await readTarget(
    control,
    mappedTables(plan).map(({ target }) => target),
  );
  const faults = checkTarget(plan, targets);
  if (faults.length > 0) throw new Refusal(`The plan of ${plan.system} does not fit the new schema`, faults);
  const counts = new Map<string, number>();
  const onProfile = (table: MappedTable | FoldedTable, profile: Profile): void => {
    if (options.signal.aborted) throw new Interrupted();
    counts.set(table.source, profile.rows);
    for (const { rule, reason, rows } of profile.quarantine)
      log.warn({ table: table.source, rule, rows }, `to quarantine: ${reason}`);
    for (const { rule, reason, rows } of profile.quarantine)
      observer.note(plan.system, `${table.source}: ${rows.toString()} rows to quarantine (${rule}): ${reason}`);
  };
  const surveyed = { plan, snapshot, catalogue: source.catalogue, targets, onProfile };
  const profiles = await profileTables(surveyed, options.workers);
  for (const table of plan.tables) {
    if (table.disposition === "dropped") counts.set(table.source, await snapshot.count(table.source));
  }
  const [tier, binary] = [await chooseTier(source, control, options.hashes), await findBinary(plan, snapshot, targets)];
  log.info(
    { rows: [...counts.values()].reduce((sum, rows) => sum + rows, 0), hashes: tier, binary: binary.size },
    `surveyed ${plan.system}`,
  );
  return { profiles, counts, tier, binary };
}

/** The tables whose mapping has the very types of the target's columns, and so may travel in binary. */
async function findBinary(
  plan: Plan,
  snapshot: SourceSnapshot,
  targets: ReadonlyMap<string, TargetTable>,
): Promise<Set<string>> {
  const reader = await snapshot.reader();
  try {
    const binary = new Set<string>();
    for (const table of mappedTables(plan)) {
      const types = await reader.types(table);
      const columns = targets.get(table.target)?.columns;
      const wanted = landedColumns(plan, table).map(({ name }) => columns?.get(name)?.typeNumber);
      if (types?.every((type, index) => type === wanted[index]) === true) binary.add(table.source);
    }
    return binary;
  } finally {
    await reader.close();
  }
}
