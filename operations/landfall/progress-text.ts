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
const filesName = "files";

/** A bar of `width` characters for a share of 0 to 100. */
export function bar(percent: number, width: number): string {
  const full = Math.round((Math.max(Math.min(percent, 100), 0) / 100) * width);
  return `${"█".repeat(full)}${"░".repeat(width - full)}`;
}

/** Room for a line: the whole of it, and the part that names have. */
export interface Room {
  readonly columns: number;
  readonly names: number;
}

/** A line for one thing in progress: its name, its share, and what fits of a bar and details, most telling first. */
function line(name: string, percent: number, of: { details: readonly string[]; room: Room }): string {
  const { columns, names } = of.room;
  const share = `${percent.toString().padStart(3)} %`;
  const short = fit(
    `${fit(visible(name), Math.max(Math.min(names, columns - share.length - 1), 1))} ${share}`,
    columns,
  );
  const long = `${fit(visible(name), names)} ${bar(percent, barWidth)} ${share}`;
  let text = long.length <= columns ? long : short.trimEnd();
  for (const detail of of.details) {
    if (detail === "") continue;
    if (text.length + 2 + detail.length > columns) break;
    text = `${text}  ${detail}`;
  }
  return text;
}

const widestName = 28;

/** The room that names take: as much as the longest, and no more than a third of a line. */
export const roomFor = (names: readonly string[], columns: number): Room => ({
  columns,
  names: Math.max(
    Math.min(Math.max(...names.map((name) => visible(name).length)), widestName, Math.floor(columns / 3)),
    1,
  ),
});

const rateText = (rate: number | undefined): string =>
  rate === undefined ? "" : `${formatNumber(Math.round(rate))}/s`;

/** A table in progress. */
export function tableLine(table: TableFigures, room: Room): string {
  const { rows, of, bytes, rowsPerSecond, secondsLeft } = table;
  return line(table.table, percentOf(rows, of), {
    room,
    details: [
      `${formatNumber(rows)} of ${formatNumber(of)} rows`,
      rateText(rowsPerSecond),
      secondsLeft === undefined ? "" : `${formatDuration(secondsLeft)} left`,
      bytes > 0 ? formatBytes(bytes) : "",
    ],
  });
}

/** The files in progress. */
export function filesLine(files: FilesProgress, room: Room): string {
  return line(filesName, percentOf(files.files, files.of), {
    room,
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
  const most = Math.max(Math.min(size.rows - 4, 12), 0);
  const flying = tables.filter((table) => !table.done && table.rows > 0).slice(0, most);
  const total = totalOf(figures);
  const shown = total === undefined ? flying : [...flying, total];
  const room = roomFor([...shown.map(({ table }) => table), filesName], columns);
  return [
    fit(heading, columns).trimEnd(),
    ...shown.map((table) => tableLine(table, room)),
    ...(files === undefined ? [] : [filesLine(files, room)]),
  ];
}
