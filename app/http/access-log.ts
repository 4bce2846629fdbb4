import type { FastifyInstance } from "fastify";

/**
 * Writes one line a request when its answer has been sent: without headers, bodies and query strings, which may hold
 * secrets. Probes for life leave none; those for readiness only at the level "debug".
 */
export function logRequests(server: FastifyInstance): void {
  server.addHook("onResponse", (request, reply, done) => {
    const path = request.url.split("?", 1)[0] ?? "";
    if (path !== "/health/live") {
      const line = {
        method: request.method,
        path,
        status: reply.statusCode,
        milliseconds: Math.round(reply.elapsedTime),
        queries: request.queryCount.queries,
        address: request.ip,
      };
      if (path === "/health/ready") request.log.debug(line, "request");
      else request.log.info(line, "request");
    }
    done();
  });
}
