import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { sendPage } from "../http/send-page.ts";
import type { ServerParts } from "../server-parts.ts";
import { viewer, visitor } from "../sessions/visitor.ts";
import { contactsPage } from "./contacts-page.ts";
import { contactsOf } from "./contacts.ts";
import { familiesOf } from "./families.ts";
import { recentSearches } from "./searches.ts";

const longestText = 200;
const lastPage = 100_000;
const searchesShown = 20;

// The address is typed by hand now and then: what cannot be understood is the first page of all.
const contactsQuery = z.object({
  q: z
    .string()
    .transform((text) =>
      text
        .replace(/\p{Cc}+/gu, " ")
        .trim()
        .slice(0, longestText)
        .toWellFormed(),
    )
    .catch(""),
  page: z.coerce.number().int().min(1).max(lastPage).catch(1),
});

/** The page of the signed-in user's contacts. At most six queries, and one for the visitor. */
export function directoryRoutes(server: FastifyInstance, { database, configuration, guards }: ServerParts): void {
  server.get("/contacts", { preHandler: guards.signedIn }, async (request, reply) => {
    const { q: text, page } = contactsQuery.parse(request.query);
    const user = visitor(request);
    const [contacts, families, searches] = await Promise.all([
      contactsOf(database, { ownerId: user.id, text, page }),
      familiesOf(database, user.id),
      recentSearches(database, user.id, searchesShown),
    ]);
    const seenBy = viewer(request, configuration.secretKey);
    return sendPage(reply, contactsPage(seenBy, user, { text, contacts, families, searches }));
  });
}
