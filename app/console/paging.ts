import { z } from "zod";

/** Rows on a page; the most that one request gets. */
export const pageSize = 100;

/** The number of the page that a query asks for: 1 for none, undefined for nonsense. */
export const pageNumber = z
  .string()
  .regex(/^[1-9]\d{0,6}$/)
  .transform(Number)
  .default(1);

/** One page of a longer list. */
export interface Paged<Row> {
  readonly page: number;
  readonly total: number;
  readonly rows: readonly Row[];
  /** Rows on a page, where it is not pageSize. */
  readonly size?: number;
}

/** How many pages a list has; an empty one has one. */
export function pageCount(total: number, size = pageSize): number {
  return Math.max(Math.ceil(total / size), 1);
}
