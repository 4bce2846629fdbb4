import type pg from "pg";
import type { Logger } from "pino";
import { planHash } from "../plans/hash.ts";
import type { Plan } from "../plans/plan.ts";
import { faultOfRecord, readOutcome } from "../target/outcome.ts";

/** Nothing is copied for a system that has landed; its record must still stand. Throws an error that says what is gone. */
export async function keep(plan: Plan, { control, log }: { control: pg.Client; log: Logger }): Promise<void> {
  const now = planHash(plan);
  const outcome = await readOutcome(control, plan, { planHash: now, copiedNow: false });
  const fault = await faultOfRecord(control, outcome);
  if (fault !== undefined) {
    throw new Error(
      `${plan.system} was verified in run ${outcome.runId ?? "?"}, but ${fault}. Restore the database, or move it anew by --again (MIGRATION_AGAIN=${plan.system}); what it landed is taken away first.`,
    );
  }
  if (outcome.planHash !== now) {
    log.warn(
      { verifiedWith: outcome.planHash, plan: now },
      `${plan.system} landed by another plan than this release's; what has landed stays as it is`,
    );
  }
  log.info({ run: outcome.runId }, `${plan.system} has landed and was verified before; nothing to copy`);
}
