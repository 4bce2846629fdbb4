import { timingSafeEqual } from "node:crypto";

/** A way in which passwords were hashed. */
export interface PasswordScheme {
  /** Whether an encoded hash looks like one of this scheme. No hash is of two schemes. */
  owns(encoded: string): boolean;
  /**
   * Whether the password is the one that was hashed. Long work happens off the event loop.
   * False for an encoded hash that is malformed or asks for unreasonable work.
   */
  verify(password: string, encoded: string): Promise<boolean>;
}

/** Owns the hashes that begin with a scheme's name and `$`. */
export function named(name: string): PasswordScheme["owns"] {
  return (encoded) => encoded.startsWith(`${name}$`);
}

/** Compares two hashes in a time that does not depend on where they differ. */
export function sameBytes(first: Uint8Array, second: Uint8Array): boolean {
  return first.length === second.length && first.length > 0 && timingSafeEqual(first, second);
}

/** The bytes that hexadecimal text stands for; none for text that is not wholly hexadecimal. */
export function fromHexadecimal(text: string): Uint8Array {
  return /^([0-9a-f]{2})*$/i.test(text) ? Buffer.from(text, "hex") : new Uint8Array();
}
