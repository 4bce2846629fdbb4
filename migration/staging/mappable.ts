import type { LegacyDatabase } from "../sources/open.ts";
import { openStaged } from "../sources/postgres/source.ts";
import type { Source } from "../sources/source.ts";
import { directCandidates } from "./direct.ts";
import { NeedsStaging } from "../engine/outcome.ts";
import { MixedSource } from "./mixed-source.ts";
import { removeStaging, stage, type StagingOptions } from "./stage.ts";
import { stagingSchema } from "./tables.ts";

export type Mappable = Omit<StagingOptions, "source" | "snapshot" | "direct"> & {
  readonly legacy: LegacyDatabase;
  /** Whether tables that need no more than changes of type may go straight into the target. */
  readonly goDirect: boolean;
};

/**
 * Hands a source to `work` in the form that mappings read: a PostgreSQL database as it is, of anything else a staging
 * copy, which is made before and taken away once `work` has succeeded. Tables that need no copy are left where they
 * are; where it turns out that one does need it, it is staged and `work` begins again, from nothing.
 */
export async function withMappable<Result>(of: Mappable, work: (source: Source) => Promise<Result>): Promise<Result> {
  const { legacy, plan, control, log } = of;
  if (legacy.kind === "mapped") return work(legacy.source);
  const foreign = legacy.source;
  const snapshot = await foreign.snapshot(of.workers);
  try {
    // Where one connection has to do for everything, there is none left for every worker.
    const goDirect = of.goDirect && snapshot.readers >= of.workers;
    const unfit = new Set<string>();
    for (;;) {
      const direct = new Set(goDirect ? directCandidates(plan, legacy, unfit).map(({ source }) => source) : []);
      const counts = await stage({ ...of, source: foreign, snapshot, direct });
      const { tables } = foreign.catalogue;
      const staged = await openStaged({ plan, schema: stagingSchema(plan) }, of.target, { tables, counts });
      const mixture = { plan, staged, foreign, moment: snapshot, direct };
      try {
        const result = await work(direct.size === 0 ? staged : new MixedSource(mixture));
        await removeStaging(control, plan, of.epoch);
        return result;
      } catch (error) {
        if (!(error instanceof NeedsStaging) || unfit.has(error.table)) throw error;
        unfit.add(error.table);
        log.info({ table: error.table }, "some rows need more than a change of type; the table is staged");
      } finally {
        await staged.close();
      }
    }
  } finally {
    await snapshot.close();
  }
}
