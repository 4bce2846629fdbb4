import type { Search } from "./search.ts";

/**
 * A search that another stands in for while it cannot be used or does not answer.
 *
 * @param watched.isUsable asked before every search
 * @param watched.onFailure told of every search that the first one failed
 */
export function searchWithStandIn(
  first: Search,
  second: Search,
  watched: { readonly isUsable: () => boolean; readonly onFailure: (error: unknown) => void },
): Search {
  return {
    async find(question) {
      if (!watched.isUsable()) return second.find(question);
      try {
        return await first.find(question);
      } catch (error) {
        watched.onFailure(error);
        return second.find(question);
      }
    },
  };
}
