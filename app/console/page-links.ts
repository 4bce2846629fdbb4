import { html } from "ghtml";
import { formatNumber } from "../pages/format.ts";
import { pageCount, type Paged } from "./paging.ts";

/** Links to the pages before and after; nothing for a list of one page. `query` is kept, but for what is undefined. */
export function pageLinks(
  path: string,
  { page, total, size }: Paged<unknown>,
  query: Readonly<Record<string, string | undefined>>,
): string {
  const last = pageCount(total, size);
  if (last === 1 && page === 1) return "";
  const address = (number: number): string => {
    const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return `${path}?${new URLSearchParams([...given, ["page", number.toString()]]).toString()}`;
  };
  return html`<nav class="pages" aria-label="Pages">
    !${page > 1 ? html`<a rel="prev" href="${address(Math.min(page - 1, last))}">Previous page</a>` : ""}<span
      >Page ${formatNumber(page)} of ${formatNumber(last)}</span
    >!${page < last ? html`<a rel="next" href="${address(page + 1)}">Next page</a>` : ""}
  </nav>`;
}
