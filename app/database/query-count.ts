import { AsyncLocalStorage } from "node:async_hooks";

const counts = new AsyncLocalStorage<{ queries: number }>();

/** Runs a request's work so that the queries it makes are counted in `count`. */
export function withQueryCount<Result>(count: { queries: number }, work: () => Result): Result {
  return counts.run(count, work);
}

/** Adds one to the count of the request at hand, if there is one. */
export function countQuery(): void {
  const count = counts.getStore();
  if (count !== undefined) count.queries += 1;
}
