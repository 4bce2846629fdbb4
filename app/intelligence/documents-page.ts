import { html } from "ghtml";
import type { User } from "../accounts/users.ts";
import { pageLinks } from "../console/page-links.ts";
import type { Paged } from "../console/paging.ts";
import { formatNumber, timeElement } from "../pages/format.ts";
import { layout, type Viewer } from "../pages/layout.ts";
import { plainText, table, userText, type Column } from "../pages/table.ts";
import type { DocumentSource, DocumentSummary } from "./documents.ts";

export interface DocumentsContent {
  readonly sources: readonly DocumentSource[];
  readonly languages: readonly string[];
  readonly chosen: { readonly sourceId: number | undefined; readonly language: string | undefined };
  readonly found: Paged<DocumentSummary>;
}

/** The page with what was collected, the newest first. */
export function documentsPage(viewer: Viewer, user: User, content: DocumentsContent): string {
  const { sources, languages, chosen, found } = content;
  const source = chosen.sourceId?.toString();
  const columns: readonly Column<DocumentSummary>[] = [
    { heading: "Title", cell: titleAndBeginning },
    { heading: "Source", cell: ({ source: name }) => (name === undefined ? "–" : userText(name)) },
    { heading: "Language", cell: ({ language }) => (language === undefined ? "–" : plainText(language)) },
    { heading: "Names in it", cell: ({ entities }) => entities.map(userText).join(", ") || "–" },
    { heading: "Mood", cell: ({ sentiment }) => plainText(formatNumber(sentiment)), isNumber: true },
    { heading: "Published", cell: ({ publishedAt }) => timeElement(publishedAt, user.timeZone) },
  ];
  return layout({
    title: "Documents",
    viewer,
    section: "/documents",
    body: html`<form method="get" action="/documents" class="filter">
        !${choice(
          { name: "source", label: "Source", chosen: source },
          sources.map(({ id, name }) => [id.toString(), name]),
        )}
        !${choice(
          { name: "language", label: "Language", chosen: chosen.language },
          languages.map((name) => [name, name]),
        )}
        <div><button>Show</button></div>
      </form>
      !${table("Documents, the newest first", columns, found.rows)}
      !${pageLinks("/documents", found, { source, language: chosen.language })}`,
  });
}

function titleAndBeginning({ title, beginning }: DocumentSummary): string {
  return html`<bdi dir="auto">${title === undefined || title.trim() === "" ? "(no title)" : title}</bdi> !${
      beginning === ""
        ? ""
        : html`<details>
            <summary>Beginning</summary>
            <p dir="auto">${beginning}</p>
          </details>`
    }`;
}

function choice(
  of: { readonly name: string; readonly label: string; readonly chosen: string | undefined },
  options: readonly (readonly [value: string, title: string])[],
): string {
  return html`<div>
    <label for="${of.name}">${of.label}</label>
    <select id="${of.name}" name="${of.name}" dir="auto">
      <option value="">all</option>
      !${options.map(
        ([value, title]) => html`<option value="${value}" !${value === of.chosen ? "selected" : ""}>${title}</option>`,
      )}
    </select>
  </div>`;
}
