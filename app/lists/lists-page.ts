import { html } from "ghtml";
import type { User } from "../accounts/users.ts";
import { pageLinks } from "../console/page-links.ts";
import type { Paged } from "../console/paging.ts";
import { formatBytes, formatNumber, timeElement } from "../pages/format.ts";
import { layout, type Viewer } from "../pages/layout.ts";
import { plainText, table, userText, type Column } from "../pages/table.ts";
import type { ListFile, SavedFilter } from "./lists.ts";

export interface ListsContent {
  readonly files: Paged<ListFile>;
  readonly filters: readonly SavedFilter[];
}

const contents: Readonly<Record<ListFile["content"], string>> = {
  landed: '<span class="good">here</span>',
  missing: '<span class="bad">lost</span>',
  damaged: '<span class="bad">damaged</span>',
  waiting: "not moved yet",
};

const named = (name: string): string => (name.trim() === "" ? "(no name)" : userText(name));

/** The page with a user's uploaded lists and saved filters. */
export function listsPage(viewer: Viewer, user: User, { files, filters }: ListsContent): string {
  const fileColumns: readonly Column<ListFile>[] = [
    { heading: "List", cell: ({ name }) => named(name) },
    { heading: "Rows", cell: ({ rows }) => plainText(formatNumber(rows)), isNumber: true },
    {
      heading: "Size",
      cell: ({ bytes }) => (bytes === undefined ? "–" : plainText(formatBytes(bytes))),
      isNumber: true,
    },
    { heading: "Cuts", cell: ({ cuts }) => plainText(formatNumber(cuts)), isNumber: true },
    { heading: "Status", cell: ({ status }) => plainText(status) },
    { heading: "File", cell: ({ content }) => contents[content] },
    { heading: "Uploaded", cell: ({ uploadedAt }) => timeElement(uploadedAt, user.timeZone) },
  ];
  const filterColumns: readonly Column<SavedFilter>[] = [
    { heading: "Filter", cell: ({ name }) => named(name) },
    {
      heading: "Conditions",
      cell: ({ criteria }) =>
        html`<details>
          <summary>Show</summary>
          <pre dir="auto">${JSON.stringify(criteria, undefined, 2)}</pre>
        </details>`,
    },
    { heading: "Shared", cell: ({ isShared }) => (isShared ? "yes" : "no") },
    { heading: "Changed", cell: ({ updatedAt }) => timeElement(updatedAt, user.timeZone) },
  ];
  return layout({
    title: "Lists",
    viewer,
    section: "/lists",
    body: html`!${table(`Your lists (${formatNumber(files.total)})`, fileColumns, files.rows)}
    !${pageLinks("/lists", files, {})} !${table("Your saved filters", filterColumns, filters)}`,
  });
}
