import type { FastifyInstance } from "fastify";
import type { ServerParts } from "../server-parts.ts";
import type { Health } from "./health.ts";

/** The answers for load balancers, the deployment's gate and people. */
export function healthRoutes(server: FastifyInstance, { health, configuration, guards }: ServerParts): void {
  const { release } = configuration;

  server.get("/health/live", async (_request, reply) => {
    return reply.header("cache-control", "no-store").send({ status: "healthy", timestamp: new Date().toISOString() });
  });

  server.get("/health/ready", async (_request, reply) => {
    const { ready, state, dependencies } = await health.current();
    return reply
      .code(ready ? 200 : 503)
      .header("cache-control", "no-store")
      .send({
        // Not ready is unhealthy to who asks whether to send requests; the summary tells the two apart.
        status: ready ? state : "unhealthy",
        checks: Object.fromEntries(Object.entries(dependencies).map(([name, { healthy }]) => [name, healthy])),
        release,
      });
  });

  server.get("/health", async (request, reply) => {
    const current = await health.current();
    // Without Redis or the database nobody can be known, and the summary is for everybody.
    await guards.anybody(request, reply).catch(() => undefined);
    const status = current.state;
    return reply
      .code(status === "unhealthy" ? 503 : 200)
      .header("cache-control", "no-store")
      .send(request.visitor?.isOperator === true ? { status, ...healthDetail(current, release) } : { status });
  });
}

/** What operators see of the health: latencies in milliseconds, uptime in seconds. */
export function healthDetail({ at, dependencies }: Health, release: string) {
  return {
    timestamp: at.toISOString(),
    release,
    uptime: Math.round(process.uptime()),
    dependencies: Object.fromEntries(
      Object.entries(dependencies).map(([name, { healthy, message, milliseconds }]) => [
        name,
        { status: healthy ? "healthy" : "unhealthy", message, latency_ms: milliseconds },
      ]),
    ),
  };
}
