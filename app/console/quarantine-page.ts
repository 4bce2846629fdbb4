import { html } from "ghtml";
import { formatNumber, timeElement } from "../pages/format.ts";
import { layout, type Viewer } from "../pages/layout.ts";
import { plainText, table, userText, type Column } from "../pages/table.ts";
import { pageLinks } from "./page-links.ts";
import type { Paged } from "./paging.ts";
import type { QuarantinedRow, QuarantineFilter, QuarantineGroup } from "./quarantine.ts";

export interface QuarantineContent {
  readonly system: { readonly system: string; readonly title: string };
  readonly filter: QuarantineFilter;
  readonly groups: readonly QuarantineGroup[];
  readonly found: Paged<QuarantinedRow>;
}

/** The rows of a system that could not be mapped, each whole and with its reason. */
export function quarantinePage(viewer: Viewer, { system, filter, groups, found }: QuarantineContent): string {
  const path = `/console/migration/${system.system}/quarantine`;
  return layout({
    title: `Quarantine of ${system.title}`,
    viewer,
    section: "/console",
    body: html`<p><a href="/console/migration/${system.system}">Migration of ${system.title}</a></p>
      <form method="get" action="${path}" class="filter">
        !${choice("table", { label: "Table", values: groups.map((group) => group.table), chosen: filter.table })}
        !${choice("rule", { label: "Rule", values: groups.map((group) => group.rule), chosen: filter.rule })}
        <div><button>Show</button></div>
      </form>
      !${table(`Quarantined rows: ${formatNumber(found.total)}`, columns, found.rows)}
      !${pageLinks(path, found, { table: filter.table, rule: filter.rule })}`,
  });
}

const columns: readonly Column<QuarantinedRow>[] = [
  { heading: "Row", cell: ({ legacyId }) => userText(legacyId) },
  { heading: "Table", cell: ({ table: name }) => plainText(name) },
  { heading: "Rule", cell: ({ rule }) => plainText(rule) },
  { heading: "Reason", cell: ({ reason }) => userText(reason) },
  {
    heading: "Legacy row",
    cell: ({ row }) =>
      html`<details>
        <summary>Show</summary>
        <pre dir="auto">${JSON.stringify(row, undefined, 2)}</pre>
      </details>`,
  },
  { heading: "Since", cell: ({ at }) => timeElement(at) },
];

function choice(
  name: string,
  {
    label,
    values,
    chosen,
  }: { readonly label: string; readonly values: readonly string[]; readonly chosen: string | undefined },
): string {
  const options = [...new Set(values)].sort();
  return html`<div>
    <label for="${name}">${label}</label>
    <select id="${name}" name="${name}">
      <option value="">all</option>
      !${options.map(
        (value) => html`<option value="${value}" !${value === chosen ? "selected" : ""}>${value}</option>`,
      )}
    </select>
  </div>`;
}
