/** What a column's plain values look like to a line writer: text is taken as it is. */
export const plainKinds = { text: 0, bigint: 1, numeric: 2, boolean: 3, date: 4, timestamptz: 5 } as const;

export type PlainKind = (typeof plainKinds)[keyof typeof plainKinds];

/** Makes a value, as SQLite prints it, the text that PostgreSQL prints for it. */
export interface PlainValue {
  /**
   * Looks at the value in `bytes` from `start` to `end`, of any kind but text, and writes there what PostgreSQL prints:
   * up to four bytes more.
   *
   * @returns where that ends; -1 when the value is not plain
   */
  readonly settle: (kind: PlainKind, bytes: Uint8Array, place: { start: number; end: number }) => number;
}

/** The function is self-contained, because a worker thread is started from its text. */
export function makePlainValue(): PlainValue {
  const zero = 48;
  const nine = 57;
  const minus = 45;
  const point = 46;
  const highest = "9223372036854775807";
  const lowest = "9223372036854775808";
  /** Digits before the point and after it: more of them are left to those who read text. */
  const mostDigits = 100;

  /** A number of digits only, or -1. */
  function digits(bytes: Uint8Array, start: number, count: number): number {
    let value = 0;
    for (let index = start; index < start + count; index++) {
      const digit = (bytes[index] ?? 0) - zero;
      if (digit < 0 || digit > 9) return -1;
      value = value * 10 + digit;
    }
    return value;
  }

  /** Where the digits from `start` on end. */
  function afterDigits(bytes: Uint8Array, start: number, end: number): number {
    let index = start;
    for (; index < end; index++) {
      const byte = bytes[index] ?? 0;
      if (byte < zero || byte > nine) break;
    }
    return index;
  }

  function isInteger(bytes: Uint8Array, from: number, end: number): boolean {
    const negative = bytes[from] === minus;
    const start = negative ? from + 1 : from;
    const length = end - start;
    if (length < 1 || length > highest.length || afterDigits(bytes, start, end) !== end) return false;
    if (bytes[start] === zero) return length === 1 && !negative;
    if (length < highest.length) return true;
    const bound = negative ? lowest : highest;
    for (let index = 0; index < length; index++) {
      const difference = (bytes[start + index] ?? 0) - bound.charCodeAt(index);
      if (difference !== 0) return difference < 0;
    }
    return true;
  }

  function isNumeric(bytes: Uint8Array, from: number, end: number): boolean {
    const negative = bytes[from] === minus;
    const start = negative ? from + 1 : from;
    const whole = afterDigits(bytes, start, end);
    if (whole === start || whole - start > mostDigits) return false;
    if (bytes[start] === zero && whole - start > 1) return false;
    if (whole < end) {
      if (bytes[whole] !== point || whole + 1 === end || end - whole - 1 > mostDigits) return false;
      if (afterDigits(bytes, whole + 1, end) !== end) return false;
    }
    // PostgreSQL has no zero below zero.
    if (!negative || bytes[start] !== zero) return true;
    for (let index = whole + 1; index < end; index++) if (bytes[index] !== zero) return true;
    return false;
  }

  function isDay(bytes: Uint8Array, start: number): boolean {
    if (bytes[start + 4] !== minus || bytes[start + 7] !== minus) return false;
    const year = digits(bytes, start, 4);
    const month = digits(bytes, start + 5, 2);
    const day = digits(bytes, start + 8, 2);
    if (year < 1 || month < 1 || month > 12 || day < 1) return false;
    if (day <= 28) return true;
    if (month !== 2) return day <= 30 || (day === 31 && month !== 4 && month !== 6 && month !== 9 && month !== 11);
    return day === 29 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  }

  /** Ends without the zeros of the fraction that say nothing, and in `+00`. */
  function settleInstant(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start;
    if (length < 19 || length === 20 || length > 26 || bytes[start + 10] !== 32 || !isDay(bytes, start)) return -1;
    if (bytes[start + 13] !== 58 || bytes[start + 16] !== 58) return -1;
    const hour = digits(bytes, start + 11, 2);
    const minute = digits(bytes, start + 14, 2);
    const second = digits(bytes, start + 17, 2);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return -1;
    let last = end;
    if (length > 19) {
      if (bytes[start + 19] !== point || afterDigits(bytes, start + 20, end) !== end) return -1;
      while (bytes[last - 1] === zero) last--;
      if (bytes[last - 1] === point) last--;
    }
    bytes[last] = 43;
    bytes[last + 1] = bytes[last + 2] = zero;
    return last + 3;
  }

  function settleBoolean(bytes: Uint8Array, start: number, end: number): number {
    const byte = bytes[start] ?? 0;
    if (end - start !== 1 || byte < zero || byte > zero + 1) return -1;
    const word = byte === zero ? "false" : "true";
    for (let index = 0; index < word.length; index++) bytes[start + index] = word.charCodeAt(index);
    return start + word.length;
  }

  return {
    // The numbers are those of `plainKinds`, which the worker does not have.
    settle(kind, bytes, { start, end }) {
      switch (kind) {
        case 1:
          return isInteger(bytes, start, end) ? end : -1;
        case 2:
          return isNumeric(bytes, start, end) ? end : -1;
        case 3:
          return settleBoolean(bytes, start, end);
        case 4:
          return end - start === 10 && isDay(bytes, start) ? end : -1;
        case 5:
          return settleInstant(bytes, start, end);
        case 0:
          return end;
      }
    },
  };
}
