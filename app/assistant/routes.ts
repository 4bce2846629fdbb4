import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { pageNumber } from "../console/paging.ts";
import { notFound } from "../http/problem.ts";
import { sendPage } from "../http/send-page.ts";
import type { ServerParts } from "../server-parts.ts";
import { viewer, visitor } from "../sessions/visitor.ts";
import { conversationPage, conversationsPage } from "./conversations-page.ts";
import { conversationsOf, messagesOf, usageOf } from "./conversations.ts";

// The address is typed by hand now and then: what cannot be understood is the first page.
const pageQuery = z.object({ page: pageNumber.catch(1) });
const conversationParams = z.object({
  id: z
    .string()
    .regex(/^[1-9]\d{0,15}$/)
    .transform(Number)
    .refine(Number.isSafeInteger),
});

/** The pages of what the signed-in user talked about with the assistant. At most three queries, and one for the visitor. */
export function assistantRoutes(server: FastifyInstance, { database, configuration, guards }: ServerParts): void {
  const options = { preHandler: guards.signedIn };

  server.get("/conversations", options, async (request, reply) => {
    const { page } = pageQuery.parse(request.query);
    const user = visitor(request);
    const [conversations, usage] = await Promise.all([
      conversationsOf(database, user.id, page),
      usageOf(database, user.id),
    ]);
    const seenBy = viewer(request, configuration.secretKey);
    return sendPage(reply, conversationsPage(seenBy, user, { conversations, usage }));
  });

  server.get("/conversations/:id", options, async (request, reply) => {
    const { page } = pageQuery.parse(request.query);
    const user = visitor(request);
    const id = conversationParams.safeParse(request.params).data?.id;
    const messages =
      id === undefined ? undefined : await messagesOf(database, { userId: user.id, conversationId: id, page });
    if (id === undefined || messages === undefined) throw notFound();
    return sendPage(reply, conversationPage(viewer(request, configuration.secretKey), user, { id, messages }));
  });
}
