import { html } from "ghtml";
import type { Health } from "../health/health.ts";
import { formatDuration, formatNumber, timeElement } from "../pages/format.ts";
import { layout, type Viewer } from "../pages/layout.ts";
import { plainText, table, type Column } from "../pages/table.ts";
import type { Deployment } from "./deployments.ts";
import { word } from "./migration-pages.ts";
import { pageLinks } from "./page-links.ts";
import type { Paged } from "./paging.ts";

const deploymentColumns: readonly Column<Deployment>[] = [
  { heading: "When", cell: ({ at }) => timeElement(at) },
  { heading: "Event", cell: ({ event }) => word(event) },
  { heading: "Release", cell: ({ release }) => html`<code>${release}</code>` },
  { heading: "Environment", cell: ({ environment }) => plainText(environment) },
  { heading: "Configuration", cell: ({ configurationHash }) => html`<code>${configurationHash}</code>` },
];

/** What happened to the instances of the service, newest first. */
export function deploymentsPage(viewer: Viewer, found: Paged<Deployment>): string {
  return layout({
    title: "Deployments",
    viewer,
    section: "/console/deployments",
    body: html`!${table(`Deployment log: ${formatNumber(found.total)} entries`, deploymentColumns, found.rows)}
    !${pageLinks("/console/deployments", found, {})}`,
  });
}

/** The dependencies as they were found when the page was asked for. */
export function healthPage(viewer: Viewer, health: Health, release: string): string {
  const rows = Object.entries(health.dependencies).map(([name, found]) => ({ name, ...found }));
  return layout({
    title: "Health",
    viewer,
    section: "/console/health",
    body: html`<dl>
        <dt>Service</dt>
        <dd>!${word(health.state)}</dd>
        <dt>Release</dt>
        <dd><code>${release}</code></dd>
        <dt>Up for</dt>
        <dd>${formatDuration(process.uptime())}</dd>
        <dt>Looked at</dt>
        <dd>!${timeElement(health.at)}</dd>
      </dl>
      !${table(
        "Dependencies",
        [
          { heading: "Dependency", cell: ({ name }) => plainText(name) },
          { heading: "State", cell: ({ healthy }) => word(healthy ? "healthy" : "unhealthy") },
          { heading: "Answer", cell: ({ message }) => plainText(message) },
          { heading: "Time", cell: ({ milliseconds }) => `${milliseconds.toString()} ms`, isNumber: true },
        ],
        rows,
      )}
      <p><a href="/console/health">Look again</a></p>`,
  });
}
