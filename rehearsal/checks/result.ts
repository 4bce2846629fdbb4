/** What a check found. */
export interface Finding {
  readonly passed: boolean;
  /** What there was, in a few words. */
  readonly found: string;
}

/** A check that can be made. */
export interface Check {
  /** Stable code of what is checked, for example `tls-1.1-refused`; the same for every host and server. */
  readonly id: string;
  /** What must be so, as a sentence. */
  readonly title: string;
  /** Where it is made from. */
  readonly where: string;
  /** What must be found, in a few words. */
  readonly wanted: string;
  /** Makes it. Rejects when it cannot be made. */
  make(): Promise<Finding>;
}

/** What came of a check. */
export interface CheckResult {
  readonly id: string;
  readonly title: string;
  readonly where: string;
  readonly passed: boolean;
  readonly found: string;
  readonly wanted: string;
  readonly seconds: number;
}

/** Makes a check. One that cannot be made has failed, with the reason. */
export async function runCheck(check: Check): Promise<CheckResult> {
  const began = performance.now();
  const finding = await check.make().catch((error: unknown): Finding => {
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    return { passed: false, found: `could not be made: ${reason}` };
  });
  const { id, title, where, wanted } = check;
  const seconds = Math.round((performance.now() - began) / 10) / 100;
  return { id, title, where, wanted, passed: finding.passed, found: finding.found, seconds };
}

/** A finding that passes when there is no fault: `fine` is what is said then. */
export function without(faults: readonly string[], fine: string): Finding {
  return faults.length === 0 ? { passed: true, found: fine } : { passed: false, found: faults.join("; ") };
}

/** Several checks share what one look at a thing shows: it is looked at once, when the first one asks. */
export function shared<T>(look: () => Promise<T>): () => Promise<T> {
  let seen: Promise<T> | undefined;
  return () => (seen ??= look());
}
