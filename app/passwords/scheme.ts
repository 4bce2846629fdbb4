import { timingSafeEqual } from "node:crypto";

/** A way in which passwords were hashed; its name is the text before the first `$` of an encoded hash. */
export interface PasswordScheme {
  readonly name: string;
  /**
   * Whether the password is the one that was hashed. Long work happens off the event loop.
   * False for an encoded hash that is malformed or asks for unreasonable work.
   */
  verify(password: string, encoded: string): Promise<boolean>;
}

/** Compares two hashes in a time that does not depend on where they differ. */
export function sameBytes(first: Uint8Array, second: Uint8Array): boolean {
  return first.length === second.length && first.length > 0 && timingSafeEqual(first, second);
}
