import type { PlainType } from "../../plans/decoded.ts";
import type { DirectType } from "../direct.ts";
import { cellOf, type Cell } from "./cells.ts";
import type { ColumnDefinition } from "./introspection.ts";
import { isOdd } from "./sums.ts";

/** For COPY, or as PostgreSQL prints what it has read. */
export type Form = "copy" | "canonical";

/** A plain value as PostgreSQL reads it as a type, or as it prints it then. */
export function spelling(column: ColumnDefinition, type: PlainType | DirectType, form: Form): Cell {
  const cell = cellOf(column);
  if (type === "timestamptz") {
    const short = `TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM ${cell.text}))`;
    return { ...cell, text: `CONCAT(${form === "canonical" && column.precision > 0 ? short : cell.text}, '+00')` };
  }
  if (type === "boolean" && form === "canonical") return { ...cell, text: `IF(${cell.text}, 'true', 'false')` };
  return cell;
}

/** The condition that a value is none that PostgreSQL reads as a type; undefined where there can be none. NULL is no fault. */
export function faultOf(column: ColumnDefinition, type: PlainType | DirectType): string | undefined {
  const { own, text } = cellOf(column);
  switch (type) {
    case "boolean":
      return `${text} NOT IN (0, 1)`;
    case "date":
    case "timestamptz":
      // Of a day that is none, such as 31 February or a zero in a part, the last day of the month is smaller or NULL.
      return `(${own} IS NOT NULL AND NOT COALESCE(YEAR(${own}) > 0 AND DAY(${own}) BETWEEN 1 AND DAY(LAST_DAY(${own})), FALSE))`;
    case "text":
      return cellOf(column).kind === "text" ? isOdd([text]) : undefined;
    default:
      return undefined;
  }
}
