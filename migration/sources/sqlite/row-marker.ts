import type { Marks } from "./marks.ts";
import type { SingleRows, SQLiteValue } from "./protocol.ts";

/** Marks rows that were read singly, so that a line writer takes them whatever they hold. */
export interface RowMarker {
  /** One row with its marks, from the classes of its values and the values; last, what the texts do not show. */
  readonly markedRow: (rows: SingleRows, values: SQLiteValue[]) => Uint8Array;
}

/** The function is self-contained, because a worker thread is started from its text. */
export function makeRowMarker(marks: Marks): RowMarker {
  const { Buffer, isUtf8 } = process.getBuiltinModule("node:buffer");

  function markedRow({ columns, encoding }: SingleRows, [classes = null, ...values]: SQLiteValue[]): Uint8Array {
    const letters = typeof classes === "string" ? classes : "";
    const odd: Record<string, string> = {};
    const pieces: Uint8Array[] = [];
    columns.forEach(({ name, bytes }, index) => {
      const value = values[index] ?? null;
      if (value === null) pieces.push(marks.missing);
      else if (bytes) {
        const raw = Buffer.from(value instanceof Uint8Array ? value : Buffer.from(String(value)));
        pieces.push(Buffer.from(raw.toString("hex"), "latin1"));
      } else if (!(value instanceof Uint8Array)) pieces.push(Buffer.from(String(value)));
      else {
        const isBlob = letters[index] === "b";
        const plain = decoded(value, isBlob ? "utf-8" : encoding);
        if (isBlob || plain.changed)
          Object.defineProperty(odd, name, { value: Buffer.from(value).toString("hex"), enumerable: true });
        pieces.push(Buffer.from(plain.text));
      }
      pieces.push(Uint8Array.of(marks.column));
    });
    pieces.push(Object.keys(odd).length === 0 ? marks.missing : Buffer.from(JSON.stringify(odd)));
    return Buffer.concat(pieces);
  }

  /** Bytes as text that PostgreSQL takes, and whether something had to be left out or replaced. */
  function decoded(bytes: Uint8Array, encoding: SingleRows["encoding"]): { text: string; changed: boolean } {
    const text = new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
    let valid = encoding === "utf-8" ? isUtf8(bytes) : true;
    if (encoding !== "utf-8") {
      try {
        new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
      } catch {
        valid = false;
      }
    }
    const whole = text.replaceAll("\0", "");
    return { text: whole, changed: !valid || whole.length !== text.length };
  }

  return { markedRow };
}
