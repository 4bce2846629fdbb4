import cookie from "@fastify/cookie";
import formbody from "@fastify/formbody";
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from "fastify";
import { accountRoutes } from "./accounts/routes.ts";
import { assistantRoutes } from "./assistant/routes.ts";
import { consoleRoutes } from "./console/routes.ts";
import { withQueryCount } from "./database/query-count.ts";
import { directoryRoutes } from "./directory/routes.ts";
import { healthRoutes } from "./health/routes.ts";
import { logRequests } from "./http/access-log.ts";
import { answerErrors } from "./http/errors.ts";
import { checkHosts, redirectToHttps } from "./http/host-check.ts";
import { measure } from "./http/metrics.ts";
import { requestIdentity } from "./http/request-identity.ts";
import { trustedProxies } from "./http/trusted-proxies.ts";
import { intelligenceRoutes } from "./intelligence/routes.ts";
import { learningRoutes } from "./learning/routes.ts";
import { listRoutes } from "./lists/routes.ts";
import { notificationRoutes } from "./notifications/routes.ts";
import { assetRoutes } from "./pages/routes.ts";
import { pictureRoutes } from "./pictures/routes.ts";
import { searchRoutes } from "./search/routes.ts";
import type { ServerParts } from "./server-parts.ts";
import { sessionStore } from "./sessions/session-store.ts";
import { checkForms, visitorGuards } from "./sessions/visitor.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Database queries that the request has made so far. */
    queryCount: { queries: number };
  }
}

const largestBodyBytes = 64 * 1024;

/** Builds the service on its parts; it does not listen yet. Closing it leaves the parts open. */
export async function buildServer(
  given: Omit<ServerParts, "sessions" | "guards">,
  logger: FastifyBaseLogger,
): Promise<FastifyInstance> {
  const { configuration, database, redis, health } = given;
  const isTrusted = trustedProxies(configuration.trustedProxies);
  const sessions = sessionStore(redis);
  const guards = visitorGuards({ database, sessions, secretKey: configuration.secretKey });
  const parts: ServerParts = { ...given, sessions, guards };

  const server: FastifyInstance = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestIdentity(isTrusted),
    trustProxy: (address) => isTrusted(address),
    bodyLimit: largestBodyBytes,
    // A request that arrives while the service stops is still answered; only new connections are refused.
    return503OnClosing: false,
    forceCloseConnections: "idle",
  });
  server.decorateRequest("queryCount");
  server.decorateRequest("visitor", undefined);
  server.addHook("onRequest", (request, reply, done) => {
    request.queryCount = { queries: 0 };
    void reply.header("x-request-id", request.id);
    withQueryCount(request.queryCount, done);
  });
  // Reading a body loses the context of the hook above.
  server.addHook("preHandler", (request, _reply, done) => {
    withQueryCount(request.queryCount, done);
  });
  // A proxy keeps its connections open, and the server could not close before they are.
  server.addHook("onSend", (_request, reply) => {
    if (health.isStopping()) void reply.header("connection", "close");
    return Promise.resolve();
  });
  logRequests(server);
  answerErrors(server);
  checkHosts(server, configuration.allowedHosts);
  redirectToHttps(server, isTrusted);
  await server.register(cookie);
  await server.register(formbody, { bodyLimit: largestBodyBytes });
  checkForms(server, configuration.secretKey);
  measure(server, { release: configuration.release, enabled: configuration.metricsEnabled });
  healthRoutes(server, parts);
  assetRoutes(server);
  accountRoutes(server, parts);
  // Forms with files are taken there alone.
  await server.register((scope) => pictureRoutes(scope, parts));
  learningRoutes(server, parts);
  directoryRoutes(server, parts);
  listRoutes(server, parts);
  intelligenceRoutes(server, parts);
  assistantRoutes(server, parts);
  notificationRoutes(server, parts);
  searchRoutes(server, parts);
  consoleRoutes(server, parts);
  return server;
}
