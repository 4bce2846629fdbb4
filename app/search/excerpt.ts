import type { Piece } from "./search.ts";

/**
 * What engines put around the words that they found: characters for private use, which stand in no text of ours or are
 * taken out of it (Unicode 17.0, 23.5).
 */
export const marks = { start: "\u{E000}", end: "\u{E001}" } as const;

/** A text with marks in it as pieces, its white space reduced. */
export function pieces(marked: string): Piece[] {
  const plain = marked.replace(/\s+/g, " ").trim();
  const parts: Piece[] = [];
  let found = false;
  for (const text of plain.split(/([\u{E000}\u{E001}])/u)) {
    if (text === marks.start) found = true;
    else if (text === marks.end) found = false;
    else if (text !== "") parts.push({ text, found });
  }
  return parts;
}

/** How many words an engine has marked in a text. */
export function countMarks(marked: string): number {
  return marked.split(marks.start).length - 1;
}
