import { formatBytes, formatDuration, formatNumber, percentOf } from "@landfall/app/pages/format";
import type { MigrationStatus, TableStatus } from "@landfall/migration/progress/read-status";
import { phaseName } from "./progress-text.ts";
import { textTable, type TextColumn } from "./text-table.ts";
import { visible } from "./visible.ts";

const columns: readonly TextColumn<TableStatus>[] = [
  { heading: "TABLE", cell: ({ source }) => source },
  { heading: "STATE", cell: ({ state, disposition }) => (disposition === "dropped" ? "stays behind" : state) },
  { heading: "NOW", cell: nowOf },
  { heading: "ROWS", cell: ({ rows }) => formatNumber(rows), isNumber: true },
  { heading: "LANDED", cell: ({ landed }) => formatNumber(landed), isNumber: true },
  { heading: "QUARANTINED", cell: ({ quarantined }) => formatNumber(quarantined), isNumber: true },
  { heading: "REPAIRED", cell: ({ repaired }) => formatNumber(repaired), isNumber: true },
  { heading: "SIZE", cell: ({ bytes }) => formatBytes(bytes), isNumber: true },
  { heading: "ROWS/S", cell: ({ rowsPerSecond }) => number(rowsPerSecond), isNumber: true },
  { heading: "LEFT", cell: ({ secondsLeft }) => (secondsLeft === null ? "" : formatDuration(secondsLeft)) },
];

const number = (value: number | null): string => (value === null ? "" : formatNumber(Math.round(value)));

function nowOf({ phase, phaseRows, phaseOf }: TableStatus): string {
  return phase === null ? "" : `${phaseName(phase)} ${percentOf(phaseRows, phaseOf).toString()} %`;
}

/** How far a system is, for a person at a terminal. */
export function statusText(status: MigrationStatus): string {
  const { rows, files, transfer, verification, rollbackPoints } = status;
  const now = status.phase === null ? "" : `, ${phaseName(status.phase)}`;
  const by = status.runner === null ? "nobody is at work" : `at work: ${visible(status.runner)}`;
  const share = percentOf(rows.landed + rows.quarantined, rows.of);
  const [point] = rollbackPoints;
  return [
    ...textTable(columns, status.tables),
    "",
    `${status.system}: ${status.state}${now} (${by})`,
    `Rows: ${formatNumber(rows.landed)} landed, ${formatNumber(rows.quarantined)} in quarantine of ${formatNumber(rows.of)} (${share.toString()} %), ${formatBytes(status.bytes)}${paceOf(status)}`,
    ...(transfer.of > 0 || files.rows > 0
      ? [
          `Files: ${formatNumber(files.landed)} of ${formatNumber(Math.max(files.rows, transfer.of))} landed (${formatBytes(files.bytes)}), ${formatNumber(files.missing)} missing, ${formatNumber(files.damaged)} damaged`,
        ]
      : []),
    `Verification: ${verification.checked === 0 ? "not yet" : `${formatNumber(verification.checked)} checks, ${formatNumber(verification.failed.length)} failed`}`,
    ...verification.failed.map(({ name, subject, expected, found }) =>
      visible(`  ${name} of ${subject}: expected ${expected}, found ${found}`),
    ),
    `Rollback point: ${point === undefined ? "none" : visible(`${point.name} (${formatBytes(point.bytes)}), ${point.location}`)}`,
    ...(status.failure === null ? [] : [`Failure: ${visible(status.failure)}`]),
    "",
  ].join("\n");
}

function paceOf({ rowsPerSecond, secondsLeft, runner }: MigrationStatus): string {
  if (runner === null || rowsPerSecond === null) return "";
  const left = secondsLeft === null ? "" : `, ${formatDuration(secondsLeft)} left`;
  return `, ${number(rowsPerSecond)}/s${left}`;
}
