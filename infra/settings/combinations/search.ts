import type { Settings } from "../settings.ts";
import type { WrongCombination } from "./combination.ts";

/** What does not go with the search: Elasticsearch needs exactly one server to run on, and nothing else needs one. */
export function wrongSearch({ search, servers }: Settings): WrongCombination[] {
  const withRole = servers.flatMap(({ roles }, index) => (roles.includes("search") ? [index] : []));
  if (search.engine === "postgres") {
    return withRole.map((index) => ({
      path: ["servers", index, "roles"],
      message: 'roles without "search", as landfall:search.engine is "postgres", which needs no server of its own',
      input: servers[index]?.roles,
    }));
  }
  if (withRole.length === 0) {
    const message = '"postgres"; or a server with the role "search" in landfall:servers, on which Elasticsearch runs';
    return [{ path: ["search", "engine"], message, input: search.engine }];
  }
  return withRole.slice(1).map((index) => ({
    path: ["servers", index, "roles"],
    message: 'roles without "search": Elasticsearch runs on one server',
    input: servers[index]?.roles,
  }));
}
