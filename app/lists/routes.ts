import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { sendPage } from "../http/send-page.ts";
import type { ServerParts } from "../server-parts.ts";
import { viewer, visitor } from "../sessions/visitor.ts";
import { listsPage } from "./lists-page.ts";
import { listsOf, savedFiltersOf } from "./lists.ts";

const lastPage = 100_000;
// The address is typed by hand now and then: what cannot be understood is the first page.
const listsQuery = z.object({ page: z.coerce.number().int().min(1).max(lastPage).catch(1) });

/** The page of the signed-in user's lists and filters. Three queries, and one for the visitor. */
export function listRoutes(server: FastifyInstance, { database, configuration, guards }: ServerParts): void {
  server.get("/lists", { preHandler: guards.signedIn }, async (request, reply) => {
    const { page } = listsQuery.parse(request.query);
    const user = visitor(request);
    const [files, filters] = await Promise.all([listsOf(database, user.id, page), savedFiltersOf(database, user.id)]);
    return sendPage(reply, listsPage(viewer(request, configuration.secretKey), user, { files, filters }));
  });
}
