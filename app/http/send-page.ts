import type { FastifyReply } from "fastify";

/** Sends a page; nobody keeps a copy of it, as pages are one person's. */
export function sendPage(reply: FastifyReply, page: string): FastifyReply {
  return reply.type("text/html; charset=utf-8").header("cache-control", "no-store").send(page);
}
