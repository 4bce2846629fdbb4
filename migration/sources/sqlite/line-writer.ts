import type { Marks } from "./marks.ts";
import type { PlainKind, PlainValue } from "./plain-value.ts";

/** What the columns of marked rows are. */
export interface Shape {
  /** Columns of a line. */
  readonly width: number;
  /** How to tell plain rows from doubtful ones; without it all rows are texts, and none may be doubtful. */
  readonly plain?: {
    /** One for each column of a line. */
    readonly kinds: readonly PlainKind[];
    /** The column that holds the row's own number; as many as `width` where it stands behind those of the line. */
    readonly number: number;
  };
}

/** Makes lines of COPY's text format from marked bytes, and adds up the hashes of their rows. */
export interface LineWriter {
  /**
   * Turns the plain rows among marked bytes into `lines`, adds their hashes to `total`, and the numbers of the others to
   * `doubtful`.
   *
   * @returns the length of the lines in bytes; -1, with nothing added, when the bytes are not `rows` rows of such a shape
   */
  convert(marked: Uint8Array, rows: number, shape: Shape): number;
  /** What the last call has written; the next one overwrites it. */
  readonly lines: Uint8Array;
  /** Rows so far, and the sums of both halves of the MD5 of each row's canonical text. */
  readonly total: { readonly rows: bigint; readonly first: bigint; readonly second: bigint };
  /** Numbers of the rows so far that are not plain. */
  readonly doubtful: string[];
  reset(): void;
}

/**
 * A writer for values parted by `marks`. The function is self-contained, because a worker thread is started from its text.
 */
export function makeLineWriter(marks: Marks, { settle }: PlainValue): LineWriter {
  const { hash } = process.getBuiltinModule("node:crypto");
  const { isUtf8 } = process.getBuiltinModule("node:buffer");
  const lowestMark = 0xf8;
  const roomy = 2 ** 20;
  /** Room beyond what is asked for, so that a longer batch seldom asks for more. */
  const reserve = 64 * 1024;
  let lines = new Uint8Array();
  let canonical = new Uint8Array();
  const total = { rows: 0n, first: 0n, second: 0n };
  let doubtful: string[] = [];

  function convert(marked: Uint8Array, rows: number, shape: Shape): number {
    const length = write(marked, shape, { rows, careful: false });
    if (length !== invalid || shape.plain === undefined) return length < 0 ? -1 : length;
    return write(marked, shape, { rows, careful: true });
  }

  const invalid = -2;

  /** `careful` looks at each row by itself for bytes that are no text; without it they make all of it `invalid`. */
  function write(marked: Uint8Array, shape: Shape, { rows, careful }: { rows: number; careful: boolean }): number {
    // Escaped bytes take two; a value becomes longer by four bytes at most besides.
    const most = (marked.length + shape.width * rows * 2) * 2 + 16;
    if (lines.length < most || lines.length > 2 * most + roomy) {
      lines = new Uint8Array(most + reserve);
      canonical = new Uint8Array(most + reserve);
    }
    // Names of the function's own are reached faster than those around it.
    const out = lines;
    const plain = canonical;
    const words = new DataView(marked.buffer, marked.byteOffset, marked.length);
    const outWords = new DataView(out.buffer);
    const plainWords = new DataView(plain.buffer);
    const { column, row, missing } = marks;
    const { width } = shape;
    const kinds = shape.plain?.kinds;
    const number = shape.plain?.number ?? -1;
    const marksInRow = number === width ? width + 1 : width;
    const end = marked.length;
    const sums = { high1: 0, low1: 0, high2: 0, low2: 0 };
    const numbers: string[] = [];
    const place = { start: 0, end: 0 };
    let line = 0;
    let text = 0;
    let lineStart = 0;
    let textStart = 0;
    let lineColumn = 0;
    let textColumn = 0;
    let numberStart = 0;
    let numberEnd = 0;
    let none = false;
    let odd = false;
    let columns = 0;
    let found = 0;
    let kept = 0;
    for (let index = 0; index <= end; index++) {
      // Four bytes at once while none of them is a mark, a backslash, a bar or a control character.
      while (index + 4 <= end) {
        const word = words.getInt32(index, true);
        const bar = (word | 0x20202020) ^ 0x7c7c7c7c;
        const high = ~word & 0xf8f8f8f8;
        const special =
          (((word - 0x0e0e0e0e) & ~word) | ((bar - 0x01010101) & ~bar) | ((high - 0x01010101) & ~high)) & 0x80808080;
        if (special !== 0) break;
        outWords.setInt32(line, word, true);
        plainWords.setInt32(text, word, true);
        line += 4;
        text += 4;
        index += 4;
      }
      let byte = index === end ? row : (marked[index] ?? 0);
      while (byte > 13 && byte < lowestMark && byte !== 92 && byte !== 124) {
        out[line++] = byte;
        plain[text++] = byte;
        index++;
        byte = index === end ? row : (marked[index] ?? 0);
      }
      if (byte === column || byte === row) {
        if (kinds !== undefined) {
          const kind = kinds[columns] ?? 0;
          if (kind !== 0 && !none && !odd) {
            place.start = textColumn;
            place.end = text;
            const settled = settle(kind, plain, place);
            if (settled < 0) odd = true;
            else if (kind === 3 || kind === 5) {
              line += settled - text;
              text = settled;
              const changed = kind === 3 ? text - textColumn : 3;
              for (let back = 1; back <= changed; back++) out[line - back] = plain[text - back] ?? 0;
            }
          }
          if (columns === number) {
            numberStart = textColumn;
            numberEnd = text;
          }
        }
        columns++;
        none = false;
        if (byte === column) {
          out[line++] = 9;
          plain[text++] = 124;
        } else {
          if (columns !== marksInRow) return -1;
          if (number === width) {
            line = lineColumn - 1;
            text = textColumn - 1;
          }
          if (careful && !odd) odd = !isUtf8(out.subarray(lineStart, line));
          if (odd) {
            numbers.push(ascii(plain, numberStart, numberEnd));
            line = lineStart;
            text = textStart;
            odd = false;
          } else {
            const digest = hash("md5", plain.subarray(textStart, text), "binary");
            sums.high1 += halfHigh(digest, 0);
            sums.low1 += halfLow(digest, 0);
            sums.high2 += halfHigh(digest, 8);
            sums.low2 += halfLow(digest, 8);
            out[line++] = 10;
            kept++;
          }
          lineStart = line;
          textStart = text;
          columns = 0;
          found++;
        }
        lineColumn = line;
        textColumn = text;
      } else if (byte === 92) {
        out[line++] = 92;
        out[line++] = 92;
        plain[text++] = 92;
        plain[text++] = 92;
      } else if (byte === 124) {
        out[line++] = 124;
        plain[text++] = 92;
        plain[text++] = 112;
      } else if (byte !== 0 && byte < lowestMark) {
        plain[text++] = byte;
        const letter = byte === 9 ? 116 : byte === 10 ? 110 : byte === 13 ? 114 : 0;
        if (letter !== 0) out[line++] = 92;
        out[line++] = letter === 0 ? byte : letter;
      } else if (byte === missing[0] && isMissing(marked, index)) {
        index += missing.length - 1;
        out[line++] = 92;
        out[line++] = 78;
        plain[text++] = 92;
        plain[text++] = 78;
        none = true;
      } else {
        if (kinds === undefined) return -1;
        odd = true;
      }
    }
    if (found !== rows) return -1;
    if (!careful && !isUtf8(out.subarray(0, line))) return invalid;
    for (const one of numbers) doubtful.push(one);
    total.rows += BigInt(kept);
    total.first += (BigInt(sums.high1) << 28n) + BigInt(sums.low1);
    total.second += (BigInt(sums.high2) << 28n) + BigInt(sums.low2);
    return line;
  }

  function isMissing(marked: Uint8Array, index: number): boolean {
    for (let offset = 1; offset < marks.missing.length; offset++) {
      if (marked[index + offset] !== marks.missing[offset]) return false;
    }
    return true;
  }

  function ascii(bytes: Uint8Array, start: number, end: number): string {
    let shown = "";
    for (let index = start; index < end; index++) shown += String.fromCharCode(bytes[index] ?? 0);
    return shown;
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
    get doubtful() {
      return doubtful;
    },
    reset() {
      total.rows = total.first = total.second = 0n;
      doubtful = [];
    },
  };
}
