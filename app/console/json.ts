import { pageSize, type Paged } from "./paging.ts";

/** A page of a list as programs get it. */
export function envelope<Row extends object>({ page, total, rows }: Paged<Row>) {
  return { count: total, page, page_size: pageSize, results: rows.map(snakeCase) };
}

/**
 * The same object with its own names, and those of objects in its lists, in snake case. Other values stay as they are:
 * the names inside them are a legacy system's.
 */
export function snakeCase(value: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]: [string, unknown]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      Array.isArray(entry)
        ? entry.map((item: unknown) => (typeof item === "object" && item !== null ? snakeCase(item) : item))
        : entry,
    ]),
  );
}
