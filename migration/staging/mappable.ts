import type { LegacyDatabase } from "../sources/open.ts";
import { openStaged } from "../sources/postgres/source.ts";
import type { Source } from "../sources/source.ts";
import { removeStaging, stage, type StagingOptions } from "./stage.ts";
import { stagingSchema } from "./tables.ts";

/**
 * Hands a source to `work` in the form that mappings read: a PostgreSQL database as it is, anything else as a staging
 * copy, which is made before and taken away once `work` has succeeded.
 */
export async function withMappable<Result>(
  of: Omit<StagingOptions, "source"> & { readonly legacy: LegacyDatabase },
  work: (source: Source) => Promise<Result>,
): Promise<Result> {
  const { legacy, plan, control } = of;
  if (legacy.kind === "mapped") return work(legacy.source);
  const counts = await stage({ ...of, source: legacy.source });
  const { tables } = legacy.source.catalogue;
  const source = await openStaged({ plan, schema: stagingSchema(plan) }, of.target, { tables, counts });
  try {
    const result = await work(source);
    await removeStaging(control, plan, of.epoch);
    return result;
  } finally {
    await source.close();
  }
}
