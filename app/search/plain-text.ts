import { sql, type RawBuilder } from "kysely";
import { marks } from "./excerpt.ts";

/** A column's text, as far as it is looked through, without the characters that mark what was found. */
export function withoutMarks(column: string): RawBuilder<string> {
  return sql<string>`translate(left(${sql.ref(column)}, 100000), ${marks.start + marks.end}, '')`;
}

/** The same without tags, which are no text. */
export function plainText(column: string): RawBuilder<string> {
  return sql<string>`regexp_replace(${withoutMarks(column)}, '</?[a-zA-Z][^<>]{0,250}>', ' ', 'g')`;
}
