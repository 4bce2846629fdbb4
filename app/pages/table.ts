import { html } from "ghtml";
import { percentOf } from "./format.ts";

/** A column of a table: its heading, and the HTML of its cell for a row. */
export interface Column<Row> {
  readonly heading: string;
  /** HTML, escaped already. */
  readonly cell: (row: Row) => string;
  readonly isNumber?: boolean;
}

/** Text that people wrote, escaped, in the direction of its own script. */
export function userText(text: string): string {
  return html`<bdi dir="auto">${text}</bdi>`;
}

/** Text of our own, escaped. */
export function plainText(text: string): string {
  return html`${text}`;
}

/**
 * A table with a caption, whose first column heads the rows. On a narrow screen every row becomes a list, each value
 * with its column's heading.
 */
export function table<Row>(caption: string, columns: readonly Column<Row>[], rows: readonly Row[]): string {
  if (rows.length === 0) return html`<p><strong>${caption}:</strong> none.</p>`;
  const kind = (column: Column<Row>): string => (column.isNumber === true ? 'class="number"' : "");
  const head = columns.map((column) => html`<th scope="col" !${kind(column)}>${column.heading}</th>`);
  const line = (row: Row): string =>
    columns
      .map((column, index) =>
        index === 0
          ? html`<th scope="row">!${column.cell(row)}</th>`
          : html`<td data-label="${column.heading}" !${kind(column)}>!${column.cell(row)}</td>`,
      )
      .join("");
  return html`<table>
    <caption>
      ${caption}
    </caption>
    <thead>
      <tr>
        !${head}
      </tr>
    </thead>
    <tbody>
      !${rows.map((row) => `<tr>${line(row)}</tr>\n`)}
    </tbody>
  </table>`;
}

/** A progress bar from 0 to 100 with the share in words, which is also what it is called for those who cannot see it. */
export function progressBar(percent: number, label: string): string {
  const whole = percentOf(percent, 100);
  return html`<progress max="100" value="${whole}" aria-label="${label}"></progress> ${whole} %`;
}
