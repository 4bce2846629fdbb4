import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { pageNumber } from "../console/paging.ts";
import { sendPage } from "../http/send-page.ts";
import type { ServerParts } from "../server-parts.ts";
import { viewer, visitor } from "../sessions/visitor.ts";
import { notificationsPage } from "./notifications-page.ts";
import { notificationsOf } from "./notifications.ts";

// The address is typed by hand now and then: what cannot be understood is the first page.
const pageQuery = z.object({ page: pageNumber.catch(1) });

/** The page of the signed-in user's notifications. Two queries, and one for the visitor. */
export function notificationRoutes(server: FastifyInstance, { database, configuration, guards }: ServerParts): void {
  server.get("/notifications", { preHandler: guards.signedIn }, async (request, reply) => {
    const { page } = pageQuery.parse(request.query);
    const user = visitor(request);
    const notifications = await notificationsOf(database, user.id, page);
    return sendPage(reply, notificationsPage(viewer(request, configuration.secretKey), user, notifications));
  });
}
