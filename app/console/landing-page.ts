import { html } from "ghtml";
import { formatBytes, formatDuration, formatNumber, timeElement } from "../pages/format.ts";
import { plainText, table, userText, type Column } from "../pages/table.ts";
import type {
  LandedTable,
  LandingCheck,
  LandingDifference,
  LandingReport,
  LostFile,
  RuleFigures,
} from "./landing-report.ts";

/** The record of a landing as HTML below a page's heading. `sha256` is the digest of the report's JSON. */
export function landingContent(report: LandingReport, sha256: string): string {
  const { verification, files, rollbackPoint } = report;
  return html`<p class="verdict">!${verdict(report)}</p>
    !${report.error === undefined ? "" : html`<p class="note bad" dir="auto">${report.error}</p>`}
    !${particulars(report, sha256)} !${table(`Tables of ${report.system}`, tableColumns, report.tables)}
    !${table("Repairs: rows that landed with a value put right, the old one kept beside", ruleColumns, report.repairs)}
    !${table("Quarantine: rows that were held back, whole", ruleColumns, report.quarantine)}
    <h2>Verification</h2>
    <p>
      ${formatNumber(verification.checked)} checks were made, ${formatNumber(verification.differences.length)}
      ${verification.differences.length === 1 ? "difference was" : "differences were"} found.
    </p>
    !${table("Differences", differenceColumns, verification.differences)}
    !${table("Checks", checkColumns, verification.checks)}
    <h2>Files</h2>
    <p>
      Of ${formatNumber(files.rows)} files that rows name, ${formatNumber(files.landed)} have landed
      (${formatBytes(files.bytes)}), ${formatNumber(files.missing)} are missing, ${formatNumber(files.damaged)} damaged
      and ${formatNumber(files.waiting)} still wait.
    </p>
    !${table("Files that did not land", lostColumns, files.lost)}
    <h2>The way back</h2>
    <p>
      !${
        rollbackPoint === null
          ? "No rollback point was taken for this run."
          : html`Rollback point <strong>${rollbackPoint.name}</strong> (${formatBytes(rollbackPoint.bytes)}):
              <code>${rollbackPoint.location}</code>, SHA-256 <code>${rollbackPoint.sha256}</code>`
      }
    </p>
    !${signature}`;
}

function verdict(report: LandingReport): string {
  const { verification, tables } = report;
  const held = tables.reduce((sum, { quarantined }) => sum + quarantined, 0);
  if (report.ok) {
    return html`<span class="good">Verified.</span> Every row of ${report.system} has landed, is in quarantine with its
      reason (${formatNumber(held)}), or stays behind with its table for the reason given below.`;
  }
  const found = verification.differences.length;
  return html`<span class="bad">Not verified.</span> ${
      found > 0 ? `${formatNumber(found)} differences were found.` : "The move did not come to its end."
    }`;
}

function particulars(report: LandingReport, sha256: string): string {
  const total = (count: (one: LandedTable) => number): string =>
    formatNumber(report.tables.reduce((sum, one) => sum + count(one), 0));
  const moment = (text: string | null): string => timeElement(text === null ? null : new Date(text));
  const given = (term: string, text: string): string =>
    text === ""
      ? ""
      : html`<dt>${term}</dt>
          <dd dir="auto">${text}</dd>`;
  return html`<dl>
    !${given("Source", report.source)} !${given("Target", report.target)}
    <dt>Release</dt>
    <dd><code>${report.release}</code></dd>
    <dt>Run</dt>
    <dd>${report.run ?? "none"}</dd>
    <dt>Plan</dt>
    <dd><code>${report.plan}</code></dd>
    <dt>Started</dt>
    <dd>!${moment(report.startedAt)}</dd>
    <dt>Finished</dt>
    <dd>!${moment(report.finishedAt)}</dd>
    <dt>Took</dt>
    <dd>${formatDuration(report.seconds)}</dd>
    <dt>Rows</dt>
    <dd>
      !${total(({ rows }) => rows)} in the source: !${total(({ landed }) => landed)} landed,
      !${total(({ quarantined }) => quarantined)} quarantined, !${total(({ dropped }) => dropped)} stay behind;
      !${total(({ repaired }) => repaired)} of the landed were repaired
    </dd>
    <dt>SHA-256 of the report (JSON)</dt>
    <dd><code>${sha256}</code></dd>
  </dl>`;
}

const tableColumns: readonly Column<LandedTable>[] = [
  { heading: "Legacy table", cell: ({ source }) => userText(source) },
  {
    heading: "Goes to",
    cell: ({ disposition, target, reason }) =>
      html`${target ?? (disposition === "dropped" ? "stays behind" : "a part of others")}!${
        reason === undefined ? "" : html`<br /><span class="muted">${reason}</span>`
      }`,
  },
  { heading: "Rows", cell: ({ rows }) => formatNumber(rows), isNumber: true },
  { heading: "Landed", cell: ({ landed }) => formatNumber(landed), isNumber: true },
  { heading: "Quarantined", cell: ({ quarantined }) => formatNumber(quarantined), isNumber: true },
  { heading: "Repaired", cell: ({ repaired }) => formatNumber(repaired), isNumber: true },
  { heading: "Stay behind", cell: ({ dropped }) => formatNumber(dropped), isNumber: true },
];

const ruleColumns: readonly Column<RuleFigures>[] = [
  { heading: "Legacy table", cell: ({ table: name }) => userText(name) },
  { heading: "Rule", cell: ({ rule }) => plainText(rule) },
  { heading: "Rows", cell: ({ rows }) => formatNumber(rows), isNumber: true },
  { heading: "Reason", cell: ({ reason }) => userText(reason) },
];

const differenceColumns: readonly Column<LandingDifference>[] = [
  { heading: "Of", cell: ({ subject }) => userText(subject) },
  { heading: "Check", cell: ({ check }) => plainText(check) },
  { heading: "Legacy row", cell: ({ legacyId }) => (legacyId === undefined ? "–" : userText(legacyId)) },
  {
    heading: "What",
    cell: ({ fault, columns, expected, found }) =>
      fault === undefined
        ? html`expected <bdi>${expected ?? "–"}</bdi>, found <bdi>${found ?? "–"}</bdi>`
        : html`<span class="bad">${fault}</span>!${columns === undefined ? "" : html` in ${columns.join(", ")}`}`,
  },
];

const checkColumns: readonly Column<LandingCheck>[] = [
  { heading: "Check", cell: ({ name }) => plainText(name) },
  { heading: "Of", cell: ({ subject }) => userText(subject) },
  {
    heading: "Result",
    cell: ({ passed }) => (passed ? html`<span class="good">passed</span>` : html`<span class="bad">failed</span>`),
  },
  { heading: "Expected", cell: ({ expected }) => userText(expected) },
  { heading: "Found", cell: ({ found }) => userText(found) },
];

const lostColumns: readonly Column<LostFile>[] = [
  { heading: "Path", cell: ({ path }) => userText(path) },
  { heading: "State", cell: ({ state }) => html`<span class="bad">${state}</span>` },
  { heading: "Reason", cell: ({ reason }) => userText(reason) },
];

const signature = html`<section class="signature">
  <h2>Decision</h2>
  <p>I have read this report. The system may go on with what has landed: ☐ yes &emsp; ☐ no</p>
  <table>
    <thead>
      <tr>
        <th scope="col">Role</th>
        <th scope="col">Name</th>
        <th scope="col">Date</th>
        <th scope="col">Decision and signature</th>
      </tr>
    </thead>
    <tbody>
      !${["Owner of the legacy system", "Owner of the new system", "Who ran the move"].map(
        (role) =>
          html`<tr>
            <th scope="row">${role}</th>
            <td></td>
            <td></td>
            <td></td>
          </tr>`,
      )}
    </tbody>
  </table>
</section>`;
