import type { FastifyInstance } from "fastify";
import { collectDefaultMetrics, Counter, Histogram, Registry } from "prom-client";

/** Counts requests, their time and their queries, and serves the figures at /metrics for networks the proxy lets in. */
export function measure(
  server: FastifyInstance,
  options: { readonly release: string; readonly enabled: boolean },
): void {
  if (!options.enabled) return;
  const registry = new Registry();
  registry.setDefaultLabels({ release: options.release });
  collectDefaultMetrics({ register: registry });
  const labelNames = ["method", "route", "status"] as const;
  const duration = new Histogram({
    name: "http_request_duration_seconds",
    help: "Time from a request's arrival to the end of its answer",
    labelNames,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const queries = new Histogram({
    name: "http_request_database_queries",
    help: "Database queries that a request made",
    labelNames: ["route"] as const,
    buckets: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15],
    registers: [registry],
  });
  const failures = new Counter({
    name: "http_request_failures_total",
    help: "Requests that ended with a status of 500 or more",
    labelNames: ["route"] as const,
    registers: [registry],
  });
  server.addHook("onResponse", (request, reply, done) => {
    const route = request.routeOptions.url ?? "none";
    const status = reply.statusCode.toString();
    duration.observe({ method: request.method, route, status }, reply.elapsedTime / 1000);
    queries.observe({ route }, request.queryCount.queries);
    if (reply.statusCode >= 500) failures.inc({ route });
    done();
  });
  server.get("/metrics", async (_request, reply) => {
    return reply
      .type(registry.contentType)
      .header("cache-control", "no-store")
      .send(await registry.metrics());
  });
}
