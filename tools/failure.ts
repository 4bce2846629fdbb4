/** Prints what went wrong, for a person, and lets the process end with 1. */
export function reportFailure(error: unknown): void {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
