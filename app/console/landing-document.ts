import { html } from "ghtml";
import { landingContent } from "./landing-page.ts";
import type { KeptReport, LandingReport } from "./landing-report.ts";

/**
 * The record of a landing as one HTML file that needs nothing else: no script, no style sheet, no font; made to be
 * printed on A4 and signed. `kept` is the report's JSON, whose digest stands on the page.
 */
export function landingDocument(report: LandingReport, kept: KeptReport): string {
  const title = `Landing of ${report.system}`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="content-security-policy"
          content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
        />
        <title>${title}</title>
        <style>
          !${style}
        </style>
      </head>
      <body>
        <main>
          <h1 dir="auto">${title}</h1>
          !${landingContent(report, kept.sha256)}
        </main>
      </body>
    </html> `;
}

const style = `
:root { color-scheme: light; }
body { margin: 0; font: 10.5pt/1.45 "Liberation Sans", Arial, sans-serif; color: #1a1a1a; background: #fff; }
main { max-width: 62rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.7em; margin: 0 0 0.5em; }
h2 { font-size: 1.2em; margin: 1.8em 0 0.4em; break-after: avoid; }
.verdict { font-size: 1.1em; padding: 0.7em 1em; border: 1px solid #888; }
.good { color: #14602a; font-weight: bold; }
.bad { color: #a11212; font-weight: bold; }
.muted { color: #555; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.2em 1.2em; }
dt { font-weight: bold; }
dd { margin: 0; overflow-wrap: anywhere; }
code { font-family: "Liberation Mono", monospace; font-size: 0.9em; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; margin: 1.2em 0; }
caption { text-align: left; font-weight: bold; padding: 0.3em 0; break-after: avoid; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { text-align: left; vertical-align: top; padding: 0.25em 0.5em; border-bottom: 1px solid #bbb; overflow-wrap: anywhere; }
thead th { border-bottom: 2px solid #444; }
tbody th { font-weight: normal; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.signature { break-inside: avoid; }
.signature td, .signature tbody th { height: 3.2em; border: 1px solid #888; }
@page { size: A4; margin: 16mm 14mm 18mm; }
@media print { main { max-width: none; padding: 0; } body { font-size: 9pt; } a { color: inherit; } }
`;
