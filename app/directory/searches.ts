import type { Database } from "../database/database.ts";

/** What a user has looked for in the directory. */
export interface PastSearch {
  readonly id: number;
  readonly query: string;
  readonly results: number | undefined;
  readonly at: Date | undefined;
}

/** The newest searches of a user, `limit` at most; those of an unknown time come last. One query. */
export async function recentSearches(database: Database, userId: number, limit: number): Promise<PastSearch[]> {
  const rows = await database
    .selectFrom("directory.searches")
    .select(["id", "query", "results", "at"])
    .where("user_id", "=", userId)
    .orderBy("at", (order) => order.desc().nullsLast())
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
  return rows.map(({ id, query, results, at }) => ({
    id,
    query: query ?? "",
    results: results ?? undefined,
    at: at ?? undefined,
  }));
}
