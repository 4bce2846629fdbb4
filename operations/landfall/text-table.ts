import { visible } from "./visible.ts";

/** A column of a text table. */
export interface TextColumn<Row> {
  readonly heading: string;
  readonly cell: (row: Row) => string;
  readonly isNumber?: boolean;
}

/** Rows as lines of text with a heading, each column as wide as its widest cell. */
export function textTable<Row>(columns: readonly TextColumn<Row>[], rows: readonly Row[]): string[] {
  const cells = [
    columns.map(({ heading }) => heading),
    ...rows.map((row) => columns.map(({ cell }) => visible(cell(row)))),
  ];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => line[index]?.length ?? 0)));
  return cells.map((line) =>
    line
      .map((text, index) => {
        const width = widths[index] ?? 0;
        return columns[index]?.isNumber === true ? text.padStart(width) : text.padEnd(width);
      })
      .join("  ")
      .trimEnd(),
  );
}
