import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { sendPage } from "../http/send-page.ts";
import type { ServerParts } from "../server-parts.ts";
import { viewer, visitor } from "../sessions/visitor.ts";
import { readerOf, withCourses } from "./reader.ts";
import { searchPage } from "./search-page.ts";
import { lastPage } from "./search.ts";

const longestText = 200;

// The address is typed by hand now and then: what cannot be understood is the first page, or nothing looked for.
const searchQuery = z.object({
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

/** The page on which the signed-in user looks through her courses. At most three queries, and one for the visitor. */
export function searchRoutes(server: FastifyInstance, { database, configuration, guards, search }: ServerParts): void {
  server.get("/search", { preHandler: guards.signedIn }, async (request, reply) => {
    const { q: text, page } = searchQuery.parse(request.query);
    const seenBy = viewer(request, configuration.secretKey);
    if (text === "") return sendPage(reply, searchPage(seenBy, { text, found: undefined }));
    const reader = await readerOf(database, visitor(request));
    const found = await search.find({ text, reader, page });
    const rows = await withCourses(database, reader, found.rows);
    return sendPage(reply, searchPage(seenBy, { text, found: { ...found, rows } }));
  });
}
