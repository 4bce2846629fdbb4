import { randomBytes } from "node:crypto";

/** Bytes that no UTF-8 text has, which part the values that SQL hands over in one piece. */
export interface Marks {
  /** Between two columns. */
  readonly column: number;
  /** Between two rows. */
  readonly row: number;
  /** For a value that must be looked at by itself, as bytes where text was declared. */
  readonly special: number;
  /** For NULL. Random, so that no stored bytes can pass for it. */
  readonly missing: Uint8Array;
}

/** Marks for one run. Bytes from `lowest` up are marks or no text at all. */
export function makeMarks(): Marks {
  const missing = Uint8Array.from(randomBytes(8), (byte) => byte | 0x80);
  missing[0] = 0xfd;
  return { column: 0xff, row: 0xfe, special: 0xfc, missing };
}

/** Bytes as an SQL literal of class blob. */
export const blobLiteral = (...bytes: number[]): string => `x'${Buffer.from(bytes).toString("hex")}'`;
