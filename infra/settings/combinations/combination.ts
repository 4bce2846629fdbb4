/** A setting that is right by itself and wrong beside another. */
export interface WrongCombination {
  readonly path: readonly (string | number)[];
  /** What is allowed, and why. */
  readonly message: string;
  readonly input: unknown;
}
