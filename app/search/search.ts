import type { User } from "../accounts/users.ts";
import type { Paged } from "../console/paging.ts";

/** What can be found. */
export const documentKinds = ["course", "module", "quiz"] as const;
export type DocumentKind = (typeof documentKinds)[number];

/** Hits on a page. */
export const hitsOnPage = 20;
/** The last page that is given: engines count from the start, and nobody reads further. */
export const lastPage = 500;

/** Whose courses are looked through. */
export interface Reader {
  /** Courses that the reader takes or teaches. */
  readonly courses: readonly number[];
  /** The system all of whose courses the reader sees; null is the system born here, undefined none. */
  readonly governs: string | null | undefined;
}

export interface Question {
  /** What a person typed: words, "phrases", or, -not. */
  readonly text: string;
  readonly reader: Reader;
  /** From 1 to lastPage. */
  readonly page: number;
}

/** A piece of text, and whether it is what was looked for. */
export interface Piece {
  readonly text: string;
  readonly found: boolean;
}

/** What was found, without its course's name, which may have changed since. */
export interface Hit {
  readonly kind: DocumentKind;
  readonly id: number;
  readonly courseId: number;
  readonly title: readonly Piece[];
  /** The best part of the text below the title; empty where there is none. */
  readonly snippet: readonly Piece[];
}

/** Looks through the texts of courses, modules and quizzes. */
export interface Search {
  /**
   * The best hits first. Only what the reader may see is found. Throws when the engine does not answer, never for what
   * was typed.
   */
  find(question: Question): Promise<Paged<Hit>>;
}

/** A text as an index outside of the database holds it. */
export interface SearchDocument {
  readonly kind: DocumentKind;
  readonly id: number;
  readonly courseId: number;
  /** The legacy system that the course came from; null for one born here. */
  readonly sourceSystem: string | null;
  readonly title: string;
  readonly body: string;
}

/** Which document, in whatever state. */
export type DocumentKey = Pick<SearchDocument, "kind" | "id">;

/** An index outside of the database, which has to be told of changes. */
export interface SearchIndex {
  /**
   * Makes the index where it is missing or made for an older release. Returns whether it was made, and then is empty;
   * throws when the engine does not answer.
   */
  prepare(): Promise<"there" | "made" | "newer">;
  /** Takes up documents and forgets others, so that they can be found at once or soon. The same again changes nothing. */
  write(documents: readonly SearchDocument[], gone: readonly DocumentKey[]): Promise<void>;
  /** Deletes the index with all that it holds; it is made anew by `prepare`. */
  remove(): Promise<void>;
}

/** Who looks: the system that a superuser governs is the one that the account came from. */
export type SearchingUser = Pick<User, "id" | "isSuperuser" | "sourceSystem">;
