/** How often a rule touched the rows of a legacy table, and why there is the rule. */
export interface RuleFigures {
  readonly table: string;
  readonly rule: string;
  readonly rows: number;
  readonly reason: string;
}

/** What became of a legacy table. Every row of it is landed, quarantined or dropped. */
export interface LandedTable {
  readonly source: string;
  readonly target: string | null;
  readonly disposition: "mapped" | "folded" | "dropped";
  readonly rows: number;
  readonly landed: number;
  readonly quarantined: number;
  readonly repaired: number;
  /** Rows that stay behind with the whole table, for `reason`. */
  readonly dropped: number;
  readonly reason?: string;
  /** Time that workers spent on it. */
  readonly seconds: number;
}

/** Something that is not here as it was there: a row, its columns, or a figure of the whole. Never a value of a row. */
export interface LandingDifference {
  readonly check: string;
  readonly subject: string;
  readonly legacyId?: string;
  readonly fault?: "missing" | "unexpected" | "differs";
  readonly columns?: readonly string[];
  readonly expected?: string;
  readonly found?: string;
}

export interface LandingCheck {
  readonly name: string;
  readonly subject: string;
  readonly passed: boolean;
  readonly expected: string;
  readonly found: string;
}

/** A file whose row has landed and whose bytes have not. */
export interface LostFile {
  readonly path: string;
  readonly state: "missing" | "damaged";
  readonly reason: string;
}

export interface LandedFiles {
  /** Rows that name a file. */
  readonly rows: number;
  readonly landed: number;
  readonly missing: number;
  readonly damaged: number;
  /** Rows whose file nobody has asked for yet: no folder with files was given. */
  readonly waiting: number;
  readonly bytes: number;
  /** The missing and damaged ones, a thousand at most. */
  readonly lost: readonly LostFile[];
}

/** The whole record of a system's landing, as a program reads it and as a person signs it off. */
export interface LandingReport {
  readonly system: string;
  /** Whether everything has landed or is in quarantine, and the verification found no difference. */
  readonly ok: boolean;
  /** How long the command took. */
  readonly seconds: number;
  readonly error?: string;
  /** Everything that a refusal is about. */
  readonly faults?: readonly string[];
  readonly state: "planned" | "copying" | "verifying" | "verified" | "failed";
  /** Whether rows were copied by this command; otherwise the system had landed before. */
  readonly copiedNow: boolean;
  readonly release: string;
  readonly run: string | null;
  /** Digest of the plan that the system has landed by. */
  readonly plan: string;
  /** URLs without passwords; empty where the report was not made on the command line. */
  readonly source: string;
  readonly target: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly tables: readonly LandedTable[];
  readonly files: LandedFiles;
  readonly verification: {
    /** Number of checks. */
    readonly checked: number;
    readonly differences: readonly LandingDifference[];
    readonly checks: readonly LandingCheck[];
  };
  readonly repairs: readonly RuleFigures[];
  readonly quarantine: readonly RuleFigures[];
  readonly rollbackPoint: {
    readonly name: string;
    readonly location: string;
    readonly bytes: number;
    readonly sha256: string;
  } | null;
}

/** A report as it is kept: its JSON, to the byte, and the digest of that. */
export interface KeptReport {
  readonly text: string;
  readonly sha256: string;
}
