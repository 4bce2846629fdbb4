import { createHash } from "node:crypto";
import { isSound } from "./lines.ts";
import type { Cell } from "./cells.ts";
import type { Row } from "./session.ts";

/** The texts of one row as they are staged, and `~odd` last. */
export type Texts = readonly (string | null)[];

/** What is staged of a row's stored bytes. What a text cannot show stands in `~odd` as hex. */
export function textsOf(cells: readonly Cell[], row: Row): Texts {
  const odd: Record<string, string> = {};
  const texts = cells.map(({ name, kind }, index) => {
    const bytes = row[index] ?? null;
    if (bytes === null) return null;
    if (kind === "bytes") return bytes.toString("hex").toUpperCase();
    if (isSound(bytes)) return bytes.toString("utf8");
    odd[name] = bytes.toString("hex");
    return bytes.toString("utf8").replaceAll("\0", "");
  });
  return [...texts, Object.keys(odd).length === 0 ? null : JSON.stringify(odd)];
}

const copyEscapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };
const copyOriginals: Readonly<Record<string, number>> = { t: 9, n: 10, r: 13 };

/** A line of COPY's text format, without its end. */
export const copyLine = (texts: Texts): Buffer =>
  Buffer.from(
    texts
      .map((text) => text?.replaceAll(/[\\\t\n\r]/g, (character) => copyEscapes[character] ?? character) ?? "\\N")
      .join("\t"),
  );

/** The stored bytes of a row whose cells stand in a line of COPY's text format as they are, bytes as hex. */
export function rowOf(cells: readonly Cell[], line: Buffer): Row {
  const row: (Buffer | null)[] = [];
  for (let start = 0; row.length < cells.length;) {
    const tab = line.indexOf(9, start);
    const end = tab === -1 ? line.length : tab;
    row.push(cellOf(line.subarray(start, end)));
    start = end + 1;
  }
  return row.map((bytes, index) =>
    bytes !== null && cells[index]?.kind === "bytes" ? Buffer.from(bytes.toString("latin1"), "hex") : bytes,
  );
}

function cellOf(escaped: Buffer): Buffer | null {
  if (escaped.equals(Buffer.from("\\N"))) return null;
  const bytes: number[] = [];
  for (let at = 0; at < escaped.length; at++) {
    const byte = escaped[at] ?? 0;
    if (byte !== 0x5c) bytes.push(byte);
    else {
      at += 1;
      const escape = escaped[at] ?? 0;
      bytes.push(copyOriginals[String.fromCharCode(escape)] ?? escape);
    }
  }
  return Buffer.from(bytes);
}

/** The two halves of the MD5 of a row's canonical text, as PostgreSQL has them in tier `text`. */
export function hashesOf(texts: Texts): { first: bigint; second: bigint } {
  const canonical = texts.map((text) => text?.replaceAll("\\", "\\\\").replaceAll("|", "\\p") ?? "\\N").join("|");
  const digest = createHash("md5").update(canonical).digest("hex");
  return { first: BigInt(`0x${digest.slice(0, 15)}`), second: BigInt(`0x${digest.slice(16, 31)}`) };
}
