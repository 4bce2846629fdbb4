/** Refused before anything was written: the settings, the plan or the source do not fit. Carries every fault. */
export class Refusal extends Error {
  readonly faults: readonly string[];

  constructor(what: string, faults: readonly string[]) {
    super(`${what}:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`);
    this.name = "Refusal";
    this.faults = faults;
  }
}

/** Another runner is at work on the same target. */
export class AnotherRunner extends Error {
  override readonly name = "AnotherRunner";
}

/** A later runner took over: whatever this one has not committed is gone, and that is right. */
export class Fenced extends Error {
  override readonly name = "Fenced";

  constructor() {
    super(
      "Another runner took over this migration, so this one has stopped; nothing that it had not finished was kept.",
    );
  }
}

/** Asked to stop; the next run goes on. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";

  constructor() {
    super("Stopped as asked, between two chunks. Everything copied so far is kept; the next run goes on from there.");
  }
}

/** The move is done, but what landed is not what was there. */
export class VerificationFailed extends Error {
  override readonly name = "VerificationFailed";
}

/** A system has landed, and its source has other rows by now. Nothing was done about it. */
export class SourceChanged extends Error {
  override readonly name = "SourceChanged";
}

/** A table cannot go straight into the target after all: it has to pass through a staging copy, and the move begins anew. */
export class NeedsStaging extends Error {
  override readonly name = "NeedsStaging";
  readonly table: string;

  constructor(table: string, cause?: unknown) {
    super(`${table} cannot go straight into the target`, { cause });
    this.table = table;
  }
}

export const exitCodes = { verified: 0, failed: 1, refused: 2, anotherRunner: 3 } as const;

/** The exit code that an error ends the command with. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof Refusal) return exitCodes.refused;
  if (error instanceof AnotherRunner) return exitCodes.anotherRunner;
  return exitCodes.failed;
}
