/** What a runner does with a system at a moment. */
export type Phase = "rollback-point" | "surveying" | "staging" | "copying" | "indexing" | "files" | "verifying";

/** How far a legacy table is within a phase; figures are of the phase, and go up only. */
export interface TableProgress {
  readonly system: string;
  readonly table: string;
  readonly phase: Phase;
  /** Rows that the phase is done with; quarantined ones count. */
  readonly rows: number;
  /** Rows in all. */
  readonly of: number;
  /** Bytes that have travelled; 0 in a phase in which none do. */
  readonly bytes: number;
}

/** How far a system's files are. */
export interface FilesProgress {
  readonly system: string;
  readonly files: number;
  readonly of: number;
  readonly bytes: number;
  readonly ofBytes: number;
  readonly missing: number;
  readonly damaged: number;
}

/**
 * Who wants to see a move while it runs. Calls come often (a table's several times a second and worker) and must not
 * throw; whoever is slow has to look to that by itself. A phase's figures begin at what an interrupted run had done.
 */
export interface ProgressObserver {
  /** A system enters a phase; the figures of the one before are as they end. */
  phase(system: string, phase: Phase): void;
  table(progress: TableProgress): void;
  files(progress: FilesProgress): void;
  /** Something that a person should read now: what is repaired, held back or done without. */
  note(system: string, text: string): void;
}

/** An observer that does not look. */
export const unobserved: ProgressObserver = {
  phase: () => undefined,
  table: () => undefined,
  files: () => undefined,
  note: () => undefined,
};

/** Tells several observers the same, in order. */
export const together = (observers: readonly ProgressObserver[]): ProgressObserver => ({
  phase: (system, phase) => {
    for (const observer of observers) observer.phase(system, phase);
  },
  table: (progress) => {
    for (const observer of observers) observer.table(progress);
  },
  files: (progress) => {
    for (const observer of observers) observer.files(progress);
  },
  note: (system, text) => {
    for (const observer of observers) observer.note(system, text);
  },
});
