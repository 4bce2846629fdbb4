import { tablesInOrder } from "../plans/order.ts";
import type { FoldedTable, MappedTable, Plan } from "../plans/plan.ts";
import type { Profile, SourceCatalogue, SourceSnapshot } from "../sources/source.ts";
import type { TargetTable } from "../target/catalogue.ts";
import { constraintsFor } from "../target/check.ts";

export interface Surveyed {
  readonly plan: Plan;
  readonly snapshot: SourceSnapshot;
  readonly catalogue: SourceCatalogue;
  /** The target's tables as far as they exist; their constraints are a net under the plan's rules. */
  readonly targets: ReadonlyMap<string, TargetTable>;
  readonly onProfile?: (table: MappedTable | FoldedTable, profile: Profile) => void;
}

/** Reads every carried table once, parents first, and says what of it lands, what does not and why. Writes nothing. */
export async function profileTables(of: Surveyed): Promise<Map<string, Profile>> {
  const profiles = new Map<string, Profile>();
  for (const table of tablesInOrder(of.plan)) {
    const target = table.disposition === "mapped" ? of.targets.get(table.target) : undefined;
    const constraints =
      table.disposition === "mapped" && target !== undefined
        ? constraintsFor(of.plan, table, { target, catalogue: of.catalogue })
        : [];
    const profile = await of.snapshot.profile(table, constraints);
    profiles.set(table.source, profile);
    of.onProfile?.(table, profile);
  }
  return profiles;
}
