import type { Difference } from "../engine/compare.ts";
import type { VerificationReport } from "../report.ts";
import type { PlantedFault } from "./planting.ts";

/** What a verification named: check, subject and row, and how the row is wrong. */
export interface Finding extends Difference {
  readonly check: string;
  readonly subject: string;
}

/** Every row that a verification's failed checks name. */
export function findingsOf(verification: readonly VerificationReport[]): Finding[] {
  return verification
    .filter(({ passed }) => !passed)
    .flatMap(({ name, subject, detail }) =>
      differencesIn(detail).map((difference) => ({ ...difference, check: name, subject })),
    );
}

function differencesIn(detail: unknown): readonly Difference[] {
  if (typeof detail !== "object" || detail === null || !("differences" in detail)) return [];
  return detail.differences as readonly Difference[];
}

/** Whether a fault is named: its check, its table, each of its rows, how they are wrong, and the column. */
export const isFound = (fault: PlantedFault, findings: readonly Finding[]): boolean =>
  fault.legacyIds.every((legacyId) =>
    findings.some(
      (finding) =>
        finding.check === fault.check &&
        finding.subject === fault.subject &&
        finding.legacyId === legacyId &&
        finding.fault === fault.fault &&
        (fault.column === undefined || finding.columns?.includes(fault.column) === true),
    ),
  );

/** Rows that are named though nothing was planted in them. */
export const unplanted = (faults: readonly PlantedFault[], findings: readonly Finding[]): Finding[] =>
  findings.filter(
    ({ check, subject, legacyId }) =>
      check === "content" &&
      !faults.some((fault) => fault.check === check && fault.subject === subject && fault.legacyIds.includes(legacyId)),
  );

/** A fault as a line. */
export const describeFault = ({ name, subject, legacyIds, column }: PlantedFault): string =>
  `${name}: ${subject} ${legacyIds.join(" and ")}${column === undefined ? "" : `, ${column}`}`;
