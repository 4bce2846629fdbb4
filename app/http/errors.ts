import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { errorPage } from "../pages/error-page.ts";
import { answerTo, notFound } from "./problem.ts";

/** Answers errors with a page or, below /api and for probes, JSON; both show a request id and no more. */
export function answerErrors(server: FastifyInstance): void {
  server.setErrorHandler((error, request, reply) => {
    const { status } = answerTo(error);
    if (status >= 500) request.log.error({ err: error }, "request failed");
    return answer(error, { request, reply });
  });
  server.setNotFoundHandler((request, reply) => answer(notFound(), { request, reply }));
}

function answer(error: unknown, { request, reply }: { request: FastifyRequest; reply: FastifyReply }): FastifyReply {
  const { status, sentence } = answerTo(error);
  void reply.code(status).header("cache-control", "no-store");
  if (status === 503) void reply.header("retry-after", "30");
  if (wantsJson(request)) return reply.send({ error: sentence, request_id: request.id });
  return reply.type("text/html; charset=utf-8").send(errorPage({ status, sentence, requestId: request.id }));
}

/** Whether an answer goes to a program. */
export function wantsJson(request: FastifyRequest): boolean {
  return /^\/(api|health|metrics)(\/|\?|$)/.test(request.url);
}
