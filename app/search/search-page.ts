import { html } from "ghtml";
import { pageLinks } from "../console/page-links.ts";
import type { Paged } from "../console/paging.ts";
import { formatNumber } from "../pages/format.ts";
import { layout, type Viewer } from "../pages/layout.ts";
import { userText } from "../pages/table.ts";
import type { ShownHit } from "./reader.ts";
import type { DocumentKind, Piece } from "./search.ts";

export interface SearchContent {
  /** What was typed. */
  readonly text: string;
  /** Undefined where nothing was asked. */
  readonly found: Paged<ShownHit> | undefined;
}

const kinds: Readonly<Record<DocumentKind, string>> = { course: "Course", module: "Module", quiz: "Quiz" };

/** The search field with what was found. */
export function searchPage(viewer: Viewer, { text, found }: SearchContent): string {
  return layout({
    title: "Search",
    viewer,
    section: "/search",
    body: html`<form method="get" action="/search" role="search" class="filter">
        <div>
          <label for="q">Words in your courses</label>
          <input id="q" name="q" type="search" maxlength="200" dir="auto" value="${text}" />
        </div>
        <div><button>Search</button></div>
      </form>
      !${found === undefined ? "" : results(text, found)}`,
  });
}

function results(text: string, found: Paged<ShownHit>): string {
  return html`<p role="status">
      !${found.total === 0 ? "Nothing was found." : html`Found: ${formatNumber(found.total)}`}
    </p>
    <ul class="hits">
      !${found.rows.map(hit)}
    </ul>
    !${pageLinks("/search", found, { q: text })}`;
}

function hit({ kind, courseId, courseTitle, title, snippet }: ShownHit): string {
  const place = kind === "course" ? "" : html` in !${userText(courseTitle)}`;
  return html`<li>
    <h2>
      <a href="/courses/${courseId}"><bdi dir="auto">!${marked(title)}</bdi></a>
    </h2>
    <p class="muted">${kinds[kind]}!${place}</p>
    !${snippet.length === 0 ? "" : html`<p dir="auto">!${marked(snippet)}</p>`}
  </li> `;
}

function marked(pieces: readonly Piece[]): string {
  return pieces.map(({ text, found }) => (found ? html`<mark>${text}</mark>` : html`${text}`)).join("");
}
