import { html } from "ghtml";
import { layout, type Viewer } from "../pages/layout.ts";
import { landingContent } from "./landing-page.ts";
import type { FoundReport } from "./landing-reports.ts";

/** The last record of a system's landing as a page of the console. */
export function reportPage(viewer: Viewer, { report, sha256 }: FoundReport): string {
  return layout({
    title: `Landing of ${report.system}`,
    viewer,
    section: "/console",
    body: html`<p><a href="/console/migration/${report.system}">Migration of ${report.system}</a></p>
      !${landingContent(report, sha256)}`,
  });
}
