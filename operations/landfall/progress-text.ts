import { formatBytes, formatDuration, formatNumber, percentOf } from "@landfall/app/pages/format";
import type { SystemFigures, TableFigures } from "@landfall/migration/progress/meter";
import type { FilesProgress, Phase } from "@landfall/migration/progress/progress";
import { visible } from "./visible.ts";

const phaseNames: Readonly<Record<Phase, string>> = {
  "rollback-point": "taking a rollback point",
  surveying: "surveying",
  staging: "staging",
  copying: "copying",
  indexing: "building indexes and constraints",
  files: "moving files",
  verifying: "verifying",
};

/** What a phase is called for people. */
export const phaseName = (phase: Phase): string => phaseNames[phase];

/** Text made as wide as `width`, or cut to it with a mark. */
export function fit(text: string, width: number): string {
  if (text.length <= width) return text.padEnd(width);
  return width < 2 ? text.slice(0, width) : `${text.slice(0, width - 1)}…`;
}

const barWidth = 20;

/** A bar of `width` characters for a share of 0 to 100. */
export function bar(percent: number, width: number): string {
  const full = Math.round((Math.max(Math.min(percent, 100), 0) / 100) * width);
  return `${"█".repeat(full)}${"░".repeat(width - full)}`;
}

/** A line for one thing in progress: its name, a bar and what fits into `columns` of the rest, most telling first. */
function line(name: string, percent: number, of: { details: readonly string[]; columns: number }): string {
  const share = `${percent.toString().padStart(3)} %`;
  const nameWidth = Math.max(Math.min(28, of.columns - share.length - 1), 1);
  let text = fit(`${fit(visible(name), nameWidth)} ${share}`, Math.min(nameWidth + 1 + share.length, of.columns));
  if (text.length + 1 + barWidth <= of.columns) {
    text = `${fit(visible(name), nameWidth)} ${bar(percent, barWidth)} ${share}`;
  }
  for (const detail of of.details) {
    if (detail === "") continue;
    if (text.length + 2 + detail.length > of.columns) break;
    text = `${text}  ${detail}`;
  }
  return text;
}

const rateText = (rate: number | undefined): string =>
  rate === undefined ? "" : `${formatNumber(Math.round(rate))}/s`;

/** A table in progress, in at most `columns` characters. */
export function tableLine(table: TableFigures, columns: number): string {
  const { rows, of, bytes, rowsPerSecond, secondsLeft } = table;
  return line(table.table, percentOf(rows, of), {
    columns,
    details: [
      `${formatNumber(rows)} of ${formatNumber(of)} rows`,
      rateText(rowsPerSecond),
      secondsLeft === undefined ? "" : `${formatDuration(secondsLeft)} left`,
      bytes > 0 ? formatBytes(bytes) : "",
    ],
  });
}

/** The files in progress, in at most `columns` characters. */
export function filesLine(files: FilesProgress, columns: number): string {
  return line("files", percentOf(files.files, files.of), {
    columns,
    details: [
      `${formatNumber(files.files)} of ${formatNumber(files.of)}`,
      formatBytes(files.bytes),
      files.missing > 0 ? `${formatNumber(files.missing)} missing` : "",
      files.damaged > 0 ? `${formatNumber(files.damaged)} damaged` : "",
    ],
  });
}

/** All tables of a phase put together. */
export function totalOf({ tables, seconds }: Pick<SystemFigures, "tables" | "seconds">): TableFigures | undefined {
  const [first] = tables;
  if (first === undefined) return undefined;
  const sum = (figure: (table: TableFigures) => number): number =>
    tables.reduce((total, table) => total + figure(table), 0);
  const [rows, of] = [sum((table) => table.rows), sum((table) => table.of)];
  const rate = seconds > 0 && rows > 0 ? rows / seconds : undefined;
  return {
    ...first,
    table: "all tables",
    rows,
    of,
    bytes: sum((table) => table.bytes),
    rowsPerSecond: rate,
    secondsLeft: rate === undefined ? undefined : (of - rows) / rate,
    done: rows >= of,
  };
}

/** What is going on, as one line without bars: for logs and pipes. */
export function plainLine(figures: SystemFigures): string {
  const { system, phase, files } = figures;
  const total = totalOf(figures);
  const parts = [`${system}: ${phaseName(phase)}`];
  if (total !== undefined) {
    parts.push(
      `${formatNumber(total.rows)} of ${formatNumber(total.of)} rows (${percentOf(total.rows, total.of).toString()} %)`,
    );
    if (total.bytes > 0) parts.push(formatBytes(total.bytes));
    if (total.rowsPerSecond !== undefined) parts.push(rateText(total.rowsPerSecond));
    if (total.secondsLeft !== undefined && !total.done) parts.push(`${formatDuration(total.secondsLeft)} left`);
    const flying = figures.tables.filter(({ done, rows }) => !done && rows > 0).map(({ table }) => visible(table));
    if (flying.length > 0) parts.push(`now ${flying.slice(0, 4).join(", ")}`);
  }
  if (files !== undefined) {
    parts.push(`${formatNumber(files.files)} of ${formatNumber(files.of)} files, ${formatBytes(files.bytes)}`);
  }
  return parts.join(", ");
}

/** What is going on, as lines for a terminal of a size: a heading, the tables in flight, and all of them together. */
export function frame(figures: SystemFigures, size: { columns: number; rows: number }): string[] {
  const columns = Math.max(size.columns - 1, 1);
  const { system, phase, seconds, tables, files } = figures;
  const done = tables.filter((table) => table.done).length;
  const count = tables.length === 0 ? "" : `, ${done.toString()} of ${tables.length.toString()} tables`;
  const heading = `${system}: ${phaseName(phase)}${count}, ${formatDuration(seconds)}`;
  const flying = tables.filter((table) => !table.done && table.rows > 0);
  const room = Math.max(Math.min(size.rows - 4, 12), 0);
  const total = totalOf(figures);
  return [
    fit(heading, columns).trimEnd(),
    ...flying.slice(0, room).map((table) => tableLine(table, columns)),
    ...(total === undefined ? [] : [tableLine(total, columns)]),
    ...(files === undefined ? [] : [filesLine(files, columns)]),
  ];
}
