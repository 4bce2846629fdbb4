import type pg from "pg";
import type { Logger } from "pino";
import { Refusal } from "../engine/outcome.ts";
import type { Settings } from "../settings.ts";
import type { Source } from "../sources/source.ts";
import { withMappable } from "../staging/mappable.ts";
import { startEpoch, takeRunnerLock } from "../target/runner.ts";
import type { Job } from "./job.ts";

/** How long a runner that was just killed may still seem to be there, in milliseconds. */
export const lockPatience = 3000;

/**
 * Hands a source to a command that writes nothing but the staging copy that it may need. For that copy the command is
 * the target's one runner; throws AnotherRunner while there is one, and a Refusal where the target has no schema yet.
 */
export async function withMappableOnly<Result>(
  settings: Settings,
  of: Job & { readonly control: pg.Client; readonly log: Logger },
  work: (source: Source) => Promise<Result>,
): Promise<Result> {
  if (of.legacy.kind === "mapped") return work(of.legacy.source);
  const there = await of.control.query<{ there: boolean }>(
    "SELECT to_regclass('migration.staged_chunks') IS NOT NULL AS there",
  );
  if (there.rows[0]?.there !== true) {
    throw new Refusal(`${of.plan.system} passes through a staging copy in the target`, [
      "the target has no schema yet; a landed target is wanted, or one that the release's schema migrations have been run on",
    ]);
  }
  await takeRunnerLock(of.control, lockPatience);
  const epoch = await startEpoch(of.control);
  const { signal } = new AbortController();
  return withMappable({ ...settings, ...of, epoch, signal, goDirect: false }, work);
}
