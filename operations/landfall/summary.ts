import { formatBytes, formatDuration, formatNumber } from "@landfall/app/pages/format";
import type { LandedTable, LandingDifference, LandingReport, RuleFigures } from "@landfall/app/console/landing-report";
import { textTable, type TextColumn } from "./text-table.ts";
import { visible } from "./visible.ts";

/** Differences and files that are listed; the report has all. */
const mostListed = 20;

const tableColumns: readonly TextColumn<LandedTable>[] = [
  { heading: "TABLE", cell: ({ source }) => source },
  { heading: "ROWS", cell: ({ rows }) => formatNumber(rows), isNumber: true },
  { heading: "LANDED", cell: ({ landed }) => formatNumber(landed), isNumber: true },
  { heading: "QUARANTINED", cell: ({ quarantined }) => formatNumber(quarantined), isNumber: true },
  { heading: "REPAIRED", cell: ({ repaired }) => formatNumber(repaired), isNumber: true },
  {
    heading: "GOES TO",
    cell: ({ target, disposition }) => target ?? (disposition === "dropped" ? "stays behind" : "a part of others"),
  },
];

const ruleColumns: readonly TextColumn<RuleFigures>[] = [
  { heading: "TABLE", cell: ({ table }) => table },
  { heading: "RULE", cell: ({ rule }) => rule },
  { heading: "ROWS", cell: ({ rows }) => formatNumber(rows), isNumber: true },
  { heading: "REASON", cell: ({ reason }) => reason },
];

/** A landing for a person at a terminal: its tables, what was held back and repaired, and at last the verdict. */
export function summary(report: LandingReport): string {
  const { files, verification } = report;
  const known = report.run !== null;
  const differences = verification.differences.slice(0, mostListed).map((one) => `  ${visible(describe(one))}`);
  const more = verification.differences.length - differences.length;
  const lost = files.lost
    .slice(0, mostListed)
    .map(({ path, state, reason }) => `  ${visible(`${state}: ${path} (${reason})`)}`);
  return [
    ...(known ? textTable(tableColumns, report.tables) : []),
    ...section(
      "Held back, in quarantine:",
      report.quarantine.length > 0 ? textTable(ruleColumns, report.quarantine) : [],
    ),
    ...section(
      "Repaired, the old values kept beside:",
      report.repairs.length > 0 ? textTable(ruleColumns, report.repairs) : [],
    ),
    ...section(
      "Different here from there:",
      more > 0 ? [...differences, `  and ${formatNumber(more)} more`] : differences,
    ),
    ...section(filesSentence(report), lost),
    ...(report.faults === undefined
      ? []
      : section(
          "",
          report.faults.map((fault) => `  - ${visible(fault)}`),
        )),
    "",
    verdict(report),
    "",
  ].join("\n");
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 && title.endsWith(":") ? [] : title === "" ? [...lines] : ["", title, ...lines];

function filesSentence({ files }: LandingReport): string {
  if (files.rows === 0) return "";
  const lost = files.missing + files.damaged;
  if (files.waiting === files.rows) {
    return `Files: ${formatNumber(files.rows)} rows name one, and none was looked for; --media DIR says where they lie.`;
  }
  return `Files: ${formatNumber(files.landed)} of ${formatNumber(files.rows)} landed (${formatBytes(files.bytes)})${
    lost === 0 ? "." : `; ${formatNumber(files.missing)} are missing, ${formatNumber(files.damaged)} damaged`
  }`;
}

function describe({ check, subject, legacyId, fault, columns, expected, found }: LandingDifference): string {
  if (fault === undefined) return `${check} of ${subject}: expected ${expected ?? ""}, found ${found ?? ""}`;
  const where = columns === undefined ? "" : ` in ${columns.join(", ")}`;
  return `${subject}, legacy row ${legacyId ?? "?"}: ${fault}${where}`;
}

function verdict(report: LandingReport): string {
  const sum = (count: (table: LandedTable) => number): string =>
    formatNumber(report.tables.reduce((total, table) => total + count(table), 0));
  const took = formatDuration(report.seconds);
  if (report.error !== undefined) {
    const error = visible(report.error);
    return error.includes(report.system) ? error : `${report.system}: ${error}`;
  }
  if (!report.ok) return `${report.system}: differs from its source.`;
  const before = report.copiedNow ? "" : ", all of it before this run";
  return (
    `${report.system}: verified. ${sum(({ landed }) => landed)} rows landed${before}, ${sum(({ quarantined }) => quarantined)} are in quarantine, ` +
    `${sum(({ dropped }) => dropped)} stay behind with their tables; ${formatNumber(report.verification.checked)} checks, no difference. ${took}.`
  );
}
