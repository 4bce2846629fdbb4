import type { LandingDifference } from "@landfall/app/console/landing-report";
import { z } from "zod";
import type { VerificationReport } from "../report.ts";

// What checks have found out about single rows: by sums (engine/compare.ts), and of files in the store (files/verify.ts).
const row = z.object({
  legacyId: z.string(),
  fault: z.enum(["missing", "unexpected", "differs"]),
  columns: z.array(z.string()).optional(),
});
const file = z.object({ legacyId: z.string(), path: z.string().nullable(), expected: z.string(), found: z.string() });
const located = z.object({ differences: z.array(z.union([row, file])), more: z.boolean() });

/** Every difference that a verification has found: row by row where the rows are known, else what was counted. */
export function differencesOf(checks: readonly VerificationReport[]): LandingDifference[] {
  return checks
    .filter(({ passed }) => !passed)
    .flatMap(({ name, subject, expected, found, detail }) => {
      const whole: LandingDifference = { check: name, subject, expected, found };
      const parsed = located.safeParse(detail);
      if (!parsed.success || parsed.data.differences.length === 0) return [whole];
      const rows = parsed.data.differences.map((one): LandingDifference => {
        const about = { check: name, subject, legacyId: one.legacyId };
        if ("found" in one) return { ...about, expected: one.expected, found: one.found };
        return { ...about, fault: one.fault, ...(one.columns === undefined ? {} : { columns: one.columns }) };
      });
      // The list is cut where there are too many; the counts then say how many there are.
      return parsed.data.more ? [...rows, whole] : rows;
    });
}
