import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { sendPage } from "../http/send-page.ts";
import type { ServerParts } from "../server-parts.ts";
import { viewer, visitor } from "../sessions/visitor.ts";
import { documentsPage } from "./documents-page.ts";
import { documentLanguages, documentSources, lastPage, newestDocuments } from "./documents.ts";

// The address is typed by hand now and then: what cannot be understood is the first page of all.
const documentsQuery = z.object({
  source: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional().catch(undefined),
  language: z
    .string()
    .min(1)
    .max(100)
    .regex(/^[^\0]*$/)
    .optional()
    .catch(undefined),
  page: z.coerce.number().int().min(1).max(lastPage).catch(1),
});

/** The page of documents, for users of the system that collected them. Four queries, and one for the visitor. */
export function intelligenceRoutes(server: FastifyInstance, { database, configuration, guards }: ServerParts): void {
  server.get("/documents", { preHandler: guards.signedIn }, async (request, reply) => {
    const { source: sourceId, language, page } = documentsQuery.parse(request.query);
    const user = visitor(request);
    const system = user.sourceSystem;
    const [sources, languages, found] = await Promise.all([
      documentSources(database, system),
      documentLanguages(database, system),
      newestDocuments(database, { system, sourceId, language, page }),
    ]);
    const seenBy = viewer(request, configuration.secretKey);
    return sendPage(reply, documentsPage(seenBy, user, { sources, languages, chosen: { sourceId, language }, found }));
  });
}
