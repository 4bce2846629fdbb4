import { html } from "ghtml";
import { formatBytes, formatDuration, formatNumber, percentOf, timeElement } from "../pages/format.ts";
import { layout, type Viewer } from "../pages/layout.ts";
import { plainText, progressBar, table, userText, type Column } from "../pages/table.ts";
import type { RollbackPoint, SystemStatus, TableStatus, VerificationResult } from "./migration-status.ts";

const refreshSeconds = 5;

/** The console's first page: every legacy system and how far it is. */
export function overviewPage(viewer: Viewer, systems: readonly SystemStatus[], refresh: boolean): string {
  const columns: readonly Column<SystemStatus>[] = [
    { heading: "System", cell: ({ system, title }) => html`<a href="/console/migration/${system}">${title}</a>` },
    { heading: "State", cell: stateWord },
    {
      heading: "Progress",
      cell: (status) => (status.state === undefined ? "–" : progressBar(share(status), `Rows of ${status.title}`)),
    },
    { heading: "Rows", cell: ({ rowsTotal }) => formatNumber(rowsTotal), isNumber: true },
    { heading: "Copied", cell: ({ rowsCopied }) => formatNumber(rowsCopied), isNumber: true },
    { heading: "Quarantined", cell: quarantineLink, isNumber: true },
    { heading: "Rows a second", cell: ({ rowsPerSecond }) => formatNumber(rowsPerSecond), isNumber: true },
    { heading: "Time left", cell: ({ secondsLeft }) => formatDuration(secondsLeft) },
    { heading: "Run", cell: ({ run }) => (run === undefined ? "–" : run.toString()) },
    { heading: "Updated", cell: ({ updatedAt }) => timeElement(updatedAt) },
  ];
  return layout({
    title: "Migration",
    viewer,
    section: "/console",
    ...(refresh ? { refreshSeconds } : {}),
    body: html`!${table("Legacy systems", columns, systems)}
      <p>
        !${
          refresh
            ? html`This page reloads every ${refreshSeconds} seconds. <a href="/console">Stop that</a>`
            : html`<a href="/console?refresh=1">Reload every ${refreshSeconds} seconds</a>`
        }
      </p>`,
  });
}

export interface SystemDetail {
  readonly status: SystemStatus;
  readonly tables: readonly TableStatus[];
  readonly verification: readonly VerificationResult[];
  readonly rollbackPoints: readonly RollbackPoint[];
}

/** The page of one legacy system: figures, tables, verification, rollback points. */
export function systemPage(viewer: Viewer, { status, tables, verification, rollbackPoints }: SystemDetail): string {
  const failed = verification.filter(({ passed }) => !passed).length;
  return layout({
    title: `Migration of ${status.title}`,
    viewer,
    section: "/console",
    body: html`<dl>
        <dt>State</dt>
        <dd>!${stateWord(status)}</dd>
        <dt>Progress</dt>
        <dd>!${progressBar(share(status), "Rows")}</dd>
        <dt>Rows</dt>
        <dd>
          ${formatNumber(status.rowsCopied)} copied and !${quarantineLink(status)} quarantined of
          ${formatNumber(status.rowsTotal)}
        </dd>
        <dt>Copied</dt>
        <dd>${formatBytes(status.bytesCopied)}</dd>
        !${
          status.phase === undefined
            ? ""
            : html`<dt>Busy with</dt>
                <dd>${status.phase}</dd>`
        }
        !${filesOf(status)}
        <dt>Started</dt>
        <dd>!${timeElement(status.startedAt)}</dd>
        <dt>Finished</dt>
        <dd>!${timeElement(status.finishedAt)}</dd>
      </dl>
      !${status.failure === undefined ? "" : html`<p class="note bad" dir="auto">${status.failure}</p>`}
      <p><a href="/console/migration/${status.system}/report">Report to be signed</a></p>
      !${table("Tables", tableColumns, tables)}
      <h2>Verification</h2>
      <p>
        !${
          failed === 0
            ? html`<span class="good">${formatNumber(verification.length)} passed</span>`
            : html`<span class="bad">${formatNumber(failed)} failed</span>,
                ${formatNumber(verification.length - failed)} passed`
        }
      </p>
      !${table("Results of the last verified run", resultColumns, verification)}
      <h2>Rollback</h2>
      !${table("Rollback points", pointColumns, rollbackPoints)}`,
  });
}

const tableColumns: readonly Column<TableStatus>[] = [
  { heading: "Legacy table", cell: ({ table: name }) => plainText(name) },
  {
    heading: "Goes to",
    cell: ({ disposition, target, reason }) =>
      html`${disposition}!${target === undefined ? "" : html` to ${target}`}!${reason === undefined ? "" : html`<br /><span class="muted">${reason}</span>`}`,
  },
  { heading: "Source rows", cell: ({ sourceRows }) => formatNumber(sourceRows), isNumber: true },
  { heading: "Target rows", cell: ({ targetRows }) => formatNumber(targetRows), isNumber: true },
  { heading: "Quarantined", cell: ({ quarantinedRows }) => formatNumber(quarantinedRows), isNumber: true },
  { heading: "Repaired", cell: ({ repairedRows }) => formatNumber(repairedRows), isNumber: true },
  { heading: "Size", cell: ({ bytes }) => formatBytes(bytes), isNumber: true },
  { heading: "State", cell: ({ state }) => word(state) },
  {
    heading: "Busy with",
    cell: ({ phase, phaseRowsDone, phaseRowsTotal, table: name }) =>
      phase === undefined
        ? "–"
        : html`${phase} !${progressBar(percentOf(phaseRowsDone, phaseRowsTotal), `${phase} of ${name}`)}`,
  },
  { heading: "Rows a second", cell: ({ rowsPerSecond }) => formatNumber(rowsPerSecond), isNumber: true },
  { heading: "Time left", cell: ({ secondsLeft }) => formatDuration(secondsLeft) },
];

const resultColumns: readonly Column<VerificationResult>[] = [
  { heading: "Check", cell: ({ name }) => plainText(name) },
  { heading: "Of", cell: ({ subject }) => userText(subject) },
  { heading: "Result", cell: ({ passed }) => word(passed ? "passed" : "failed") },
  { heading: "Expected", cell: ({ expected }) => userText(expected) },
  { heading: "Found", cell: ({ found }) => userText(found) },
];

const pointColumns: readonly Column<RollbackPoint>[] = [
  { heading: "Name", cell: ({ name }) => plainText(name) },
  { heading: "Run", cell: ({ run }) => run.toString() },
  { heading: "Taken", cell: ({ takenAt }) => timeElement(takenAt) },
  { heading: "File", cell: ({ location }) => html`<code>${location}</code>` },
  { heading: "Size", cell: ({ bytes }) => formatBytes(bytes), isNumber: true },
  { heading: "SHA-256", cell: ({ sha256 }) => html`<code>${sha256}</code>` },
];

const goodWords: ReadonlySet<string> = new Set(["verified", "passed", "healthy"]);
const badWords: ReadonlySet<string> = new Set(["failed", "differs", "unhealthy"]);

/** A state's name, marked where it is the wished one or a bad one. */
export function word(state: string): string {
  const kind = goodWords.has(state) ? "good" : badWords.has(state) ? "bad" : "";
  return kind === "" ? plainText(state) : html`<span class="${kind}">${state}</span>`;
}

function filesOf(status: SystemStatus): string {
  if (status.filesTotal === 0) return "";
  return html`<dt>Files</dt>
    <dd>
      ${formatNumber(status.filesDone)} of ${formatNumber(status.filesTotal)} (${formatBytes(status.fileBytesDone)}),
      ${formatNumber(status.filesMissing)} missing, ${formatNumber(status.filesDamaged)} damaged
    </dd>`;
}

function stateWord({ state }: SystemStatus): string {
  return state === undefined ? "not begun" : word(state);
}

function share({ rowsCopied, rowsQuarantined, rowsTotal, state }: SystemStatus): number {
  return state === undefined ? 0 : percentOf(rowsCopied + rowsQuarantined, rowsTotal);
}

function quarantineLink({ system, rowsQuarantined }: SystemStatus): string {
  return html`<a href="/console/migration/${system}/quarantine">${formatNumber(rowsQuarantined)}</a>`;
}
