/** The middle value; the upper of the two middle ones of an even number. NaN of none. */
export const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[values.length >> 1] ?? NaN;

/** Median, lowest and highest: `12.3 (11.9–14.0)`, or a dash where there is nothing. */
export function spread(values: readonly number[], digits = 1): string {
  if (values.length === 0) return "–";
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const middle = median(values).toFixed(digits);
  return values.length === 1 ? middle : `${middle} (${low.toFixed(digits)}–${high.toFixed(digits)})`;
}

/** What a ratio must reach: no less or no more than `limit`. */
export interface Aim {
  readonly what: string;
  /** The ratio of each round. */
  readonly ratios: readonly number[];
  readonly least?: number;
  readonly most?: number;
}

/** One line of an aim: the ratio, what it should be, and whether its median is. */
export function judged({ what, ratios, least, most }: Aim): readonly string[] {
  const aim = least === undefined ? `≤ ${String(most)}` : `≥ ${least.toString()}`;
  const middle = median(ratios);
  const reached = ratios.length > 0 && middle >= (least ?? -Infinity) && middle <= (most ?? Infinity);
  return [what, spread(ratios, 2), aim, ratios.length === 0 ? "not measured" : reached ? "reached" : "missed"];
}

/** A table as Markdown has it, its columns as wide as they need. */
export function markdown(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heading.map((title, place) =>
    Math.max(3, title.length, ...rows.map((row) => (row[place] ?? "").length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, place) => (cells[place] ?? "").padEnd(width)).join(" | ")} |`;
  return [line(heading), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}
