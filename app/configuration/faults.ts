/** One thing wrong with the configuration. */
export interface Fault {
  /** The variable's name. */
  readonly name: string;
  /** What was given, in words; never a secret's value. */
  readonly given: string;
  readonly allowed: string;
}

/** The configuration cannot be used; the message lists every fault, one a line. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    const lines = faults.map(({ name, given, allowed }) => `  ${name}: given ${given}; allowed: ${allowed}`);
    super(
      `The configuration has ${faults.length === 1 ? "a fault" : `${faults.length.toString()} faults`}:\n${lines.join("\n")}`,
    );
    this.faults = faults;
  }
}
