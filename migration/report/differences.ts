import type { LandingDifference } from "@landfall/app/console/landing-report";
import { z } from "zod";
import type { VerificationReport } from "../report.ts";

// What a check by sums has found out about single rows; see engine/compare.ts.
const located = z.object({
  differences: z.array(
    z.object({
      legacyId: z.string(),
      fault: z.enum(["missing", "unexpected", "differs"]),
      columns: z.array(z.string()).optional(),
    }),
  ),
  more: z.boolean(),
});

/** Every difference that a verification has found: row by row where the rows are known, else what was counted. */
export function differencesOf(checks: readonly VerificationReport[]): LandingDifference[] {
  return checks
    .filter(({ passed }) => !passed)
    .flatMap(({ name, subject, expected, found, detail }) => {
      const whole: LandingDifference = { check: name, subject, expected, found };
      const parsed = located.safeParse(detail);
      if (!parsed.success || parsed.data.differences.length === 0) return [whole];
      const rows = parsed.data.differences.map(({ legacyId, fault, columns }) => ({
        check: name,
        subject,
        legacyId,
        fault,
        ...(columns === undefined ? {} : { columns }),
      }));
      // The list is cut where there are too many; the counts then say how many there are.
      return parsed.data.more ? [...rows, whole] : rows;
    });
}
