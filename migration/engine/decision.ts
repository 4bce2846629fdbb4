import type { Run } from "../target/runs.ts";

/**
 * What to do with a system, given its last run.
 * keep: it has landed and was verified; what has changed since is the platform's own doing, so it is not touched, not
 * even when the plan is another by now. resume: the run was interrupted. start: from nothing, also after a failed
 * verification, since nothing that such a run wrote can be trusted.
 */
export type Decision = "keep" | "resume" | "start";

export function decide(
  run: Pick<Run, "state" | "planHash"> | undefined,
  now: { planHash: string; again: boolean },
): Decision {
  switch (run?.state) {
    case "verified":
      return now.again ? "start" : "keep";
    case "copying":
    case "verifying":
      return run.planHash === now.planHash ? "resume" : "start";
    case "failed":
    case "superseded":
    case undefined:
      return "start";
  }
}
