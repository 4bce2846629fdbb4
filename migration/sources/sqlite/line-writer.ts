import type { Marks } from "./marks.ts";

/** Makes lines of COPY's text format from marked bytes, and adds up the hashes of their rows. */
export interface LineWriter {
  /**
   * Turns marked bytes into `lines` and adds their hashes to `total`.
   *
   * @returns the length of the lines in bytes; -1, with nothing added, when the bytes are not `rows` rows of `width` texts
   */
  convert(marked: Uint8Array, rows: number, width: number): number;
  /** What the last call has written; the next one overwrites it. */
  readonly lines: Uint8Array;
  /** Rows so far, and the sums of both halves of the MD5 of each row's canonical text. */
  readonly total: { readonly rows: bigint; readonly first: bigint; readonly second: bigint };
  reset(): void;
}

/**
 * A writer for values parted by `marks`. The function is self-contained, because a worker thread is started from its text.
 */
export function makeLineWriter(marks: Marks): LineWriter {
  const { hash } = process.getBuiltinModule("node:crypto");
  const { isUtf8 } = process.getBuiltinModule("node:buffer");
  const lowestMark = 0xf8;
  const roomy = 8 * 2 ** 20;
  let lines = new Uint8Array();
  let canonical = new Uint8Array();
  const total = { rows: 0n, first: 0n, second: 0n };

  function convert(marked: Uint8Array, rows: number, width: number): number {
    const most = marked.length * 2 + 2;
    if (lines.length < most || lines.length > 2 * most + roomy) {
      lines = new Uint8Array(most);
      canonical = new Uint8Array(most);
    }
    // Names of the function's own are reached faster than those around it.
    const out = lines;
    const plain = canonical;
    const { column, row, missing } = marks;
    const end = marked.length;
    const sums = { high1: 0, low1: 0, high2: 0, low2: 0 };
    let line = 0;
    let text = 0;
    let start = 0;
    let columns = 1;
    let found = 0;
    for (let index = 0; index <= end; index++) {
      const byte = index === end ? row : (marked[index] ?? 0);
      if (byte < lowestMark) {
        if (byte > 13 && byte !== 92 && byte !== 124) {
          out[line++] = byte;
          plain[text++] = byte;
        } else if (byte === 92) {
          out[line++] = 92;
          out[line++] = 92;
          plain[text++] = 92;
          plain[text++] = 92;
        } else if (byte === 124) {
          out[line++] = 124;
          plain[text++] = 92;
          plain[text++] = 112;
        } else if (byte === 0) {
          return -1;
        } else {
          plain[text++] = byte;
          const letter = byte === 9 ? 116 : byte === 10 ? 110 : byte === 13 ? 114 : 0;
          if (letter !== 0) out[line++] = 92;
          out[line++] = letter === 0 ? byte : letter;
        }
      } else if (byte === column) {
        out[line++] = 9;
        plain[text++] = 124;
        columns++;
      } else if (byte === row) {
        if (columns !== width) return -1;
        const digest = hash("md5", plain.subarray(start, text), "binary");
        sums.high1 += halfHigh(digest, 0);
        sums.low1 += halfLow(digest, 0);
        sums.high2 += halfHigh(digest, 8);
        sums.low2 += halfLow(digest, 8);
        out[line++] = 10;
        start = text;
        columns = 1;
        found++;
      } else {
        for (let offset = 0; offset < missing.length; offset++) {
          if (marked[index + offset] !== missing[offset]) return -1;
        }
        index += missing.length - 1;
        out[line++] = 92;
        out[line++] = 78;
        plain[text++] = 92;
        plain[text++] = 78;
      }
    }
    if (found !== rows || !isUtf8(lines.subarray(0, line))) return -1;
    total.rows += BigInt(found);
    total.first += (BigInt(sums.high1) << 28n) + BigInt(sums.low1);
    total.second += (BigInt(sums.high2) << 28n) + BigInt(sums.low2);
    return line;
  }

  /** The first 32 bits of a half of a digest, and the 28 after them: together 15 hexadecimal digits. */
  function halfHigh(digest: string, at: number): number {
    return (
      digest.charCodeAt(at) * 0x1000000 +
      ((digest.charCodeAt(at + 1) << 16) | (digest.charCodeAt(at + 2) << 8) | digest.charCodeAt(at + 3))
    );
  }
  function halfLow(digest: string, at: number): number {
    return (
      (digest.charCodeAt(at + 4) << 20) |
      (digest.charCodeAt(at + 5) << 12) |
      (digest.charCodeAt(at + 6) << 4) |
      (digest.charCodeAt(at + 7) >> 4)
    );
  }

  return {
    convert,
    total,
    get lines() {
      return lines;
    },
    reset() {
      total.rows = total.first = total.second = 0n;
    },
  };
}
