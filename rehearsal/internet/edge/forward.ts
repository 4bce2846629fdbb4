import { randomBytes, randomInt } from "node:crypto";
import type { ClientRequest, IncomingMessage } from "node:http";
import { pipeline } from "node:stream";
import { hostOf, send, type WebHeaders, type WebRequest, type WebResponse } from "../http.ts";
import type { RequestFacts } from "../rules/expression.ts";
import type { Zone } from "../zone.ts";
import { cachedHeaders, keptSeconds } from "./cache-answer.ts";
import { planCaching, type CachePlan, type CacheStatus } from "./cache-plan.ts";
import type { Cache } from "./cache.ts";
import { errorPage, type EdgeErrorCode } from "./error-page.ts";
import { ownHeaders, toOrigin, toVisitor, type Visit } from "./headers.ts";
import { errorOf, type Origins } from "./origin.ts";
import { collectBody, forCache, sendKept } from "./kept.ts";
import { planVisit, type Origin, type Plan } from "./plan.ts";
import type { Limiter } from "./rate-limit.ts";
import { transportSecurity } from "./transport-security.ts";

/** What the edge works with. */
export interface Edge {
  zones(): readonly Zone[];
  readonly origins: Origins;
  /** The edge's own address. */
  readonly address: string;
  readonly limiter: Limiter;
  readonly cache: Cache;
}

/** A request and its answer. */
export interface Exchange {
  readonly request: WebRequest;
  readonly response: WebResponse;
}

/** A visit and what is done with it. */
export interface Planned {
  readonly visit: Visit;
  readonly plan: Plan;
  readonly facts: RequestFacts;
}

/** Reads a visit out of a request and decides about it. */
export function judge(edge: Edge, request: WebRequest, scheme: "http" | "https"): Planned {
  const host = hostOf(request.headers);
  const visitor = (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
  const visit = { host, scheme, visitor, ray: `${randomBytes(8).toString("hex")}-FRA` };
  const target = request.url ?? "/";
  const [path = "", ...query] = target.split("?");
  const facts = { method: request.method ?? "GET", host, path, query: query.join("?"), ssl: scheme === "https" };
  const plan = planVisit(edge.zones(), { host, scheme, target, edge: edge.address });
  if (plan.kind !== "origin") return { visit, plan, facts };
  const retryAfter = edge.limiter.count(plan.zone, { facts, visitor }, Date.now());
  return { visit, facts, plan: retryAfter === undefined ? plan : { kind: "error", code: 1015, retryAfter } };
}

/** Answers a visit: with a redirection, an error page, what is kept, or what the origin says. Bodies are streamed. */
export function forward(edge: Edge, exchange: Exchange, planned: Planned): void {
  const { request, response } = exchange;
  const { plan, visit, facts } = planned;
  if (plan.kind === "error") {
    sendError(response, plan, visit);
    return;
  }
  if (plan.kind === "redirect") {
    send(response, { status: 301, headers: { location: plan.location, ...ownHeaders(visit.ray) }, body: "" });
    return;
  }
  const { zone } = plan;
  const caching = planCaching(zone, facts, request.headers);
  const kept = caching.kind === "keep" ? edge.cache.find(caching.key) : undefined;
  if (kept !== undefined && kept.until > Date.now()) {
    sendKept(exchange, kept, { ...ownHeaders(visit.ray), ...transportSecurity(zone, visit.scheme) });
    return;
  }
  const status = caching.kind === "pass" ? caching.status : kept === undefined ? "MISS" : "EXPIRED";
  fetchFrom(edge, exchange, { visit, zone, origin: choose(plan.origins), caching, status });
}

/** An origin, and for whom it is asked. */
interface Errand {
  readonly visit: Visit;
  readonly zone: Zone;
  readonly origin: Origin;
  readonly caching: CachePlan;
  /** What is said of the cache, unless the answer may not be kept. */
  readonly status: CacheStatus;
  /** Whether this is the second attempt. */
  readonly again?: boolean;
}

function fetchFrom(edge: Edge, exchange: Exchange, errand: Errand): void {
  const { request, response } = exchange;
  const { visit, zone, origin, caching } = errand;
  const upstream = edge.origins.open(origin, visit.host, {
    method: request.method ?? "GET",
    path: request.url ?? "/",
    headers: bodyHeaders(request, forCache(caching, toOrigin(request.headers, visit))),
  });
  let finished = false;
  upstream.on("response", (answer) => {
    response.statusCode = answer.statusCode ?? 520;
    const { status, shown } = keepAnswer(edge, request, { errand, answer });
    const headers = { ...toVisitor(shown, visit.ray, status), ...transportSecurity(zone, visit.scheme) };
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) response.setHeader(name, value);
    // A visitor that is gone, or an origin that breaks off, ends the other side, too.
    pipeline(answer, response, () => {
      finished = true;
    });
    answer.once("end", () => {
      discardBody(request, upstream);
    });
  });
  upstream.on("error", (error) => {
    if (finished || response.destroyed) return;
    discardBody(request, upstream);
    // An origin may close a kept connection in the very moment in which it is used again.
    if (errand.again !== true && upstream.reusedSocket && !hasBody(request) && !response.headersSent) {
      fetchFrom(edge, exchange, { ...errand, again: true });
    } else if (response.headersSent) response.destroy();
    else sendError(response, { code: errorOf(upstream, origin, error) }, visit);
  });
  response.on("close", () => {
    if (!finished) upstream.destroy();
  });
  sendBody(request, upstream);
}

/** Decides about an answer, and keeps it when it is whole, if it may be kept. */
function keepAnswer(
  { cache }: Edge,
  request: WebRequest,
  { errand, answer }: { errand: Errand; answer: IncomingMessage },
): { status: CacheStatus; shown: WebHeaders } {
  const { caching, zone } = errand;
  const status = answer.statusCode ?? 520;
  const seconds = keptSeconds(caching, { status, headers: answer.headers });
  if (caching.kind === "pass") return { status: caching.status, shown: answer.headers };
  if (seconds === 0) return { status: "BYPASS", shown: answer.headers };
  const shown = cachedHeaders(zone, caching, answer.headers);
  if (request.method === "GET") {
    const headers = toVisitor(shown, "");
    collectBody(answer, (body) => {
      const since = Date.now();
      cache.keep(caching.key, { status, headers, body, since, until: since + seconds * 1000 });
    });
  }
  return { status: errand.status, shown };
}

/** Any of the origins. */
export function choose(origins: readonly Origin[]): Origin {
  const origin = origins[randomInt(origins.length)];
  if (origin === undefined) throw new Error("There is no origin to choose from.");
  return origin;
}

/** Without a length a body is sent in chunks; a request that has no body must not be. */
function bodyHeaders(request: WebRequest, headers: ReturnType<typeof toOrigin>): ReturnType<typeof toOrigin> {
  return hasBody(request) && headers["content-length"] === undefined
    ? { ...headers, "transfer-encoding": "chunked" }
    : headers;
}

function hasBody(request: WebRequest): boolean {
  if (request.httpVersionMajor >= 2) return "stream" in request && !request.stream.endAfterHeaders;
  return request.headers["content-length"] !== undefined || request.headers["transfer-encoding"] !== undefined;
}

function sendBody(request: WebRequest, upstream: ClientRequest): void {
  if (!hasBody(request)) upstream.end();
  else request.pipe(upstream);
}

/** A visitor may still send when the answer is complete, and would wait for ever if nobody listened. */
function discardBody(request: WebRequest, upstream: ClientRequest): void {
  if (upstream.writableEnded) return;
  request.unpipe(upstream);
  request.resume();
  upstream.destroy();
}

function sendError(response: WebResponse, problem: { code: EdgeErrorCode; retryAfter?: number }, visit: Visit): void {
  const { status, html } = errorPage(problem.code, visit);
  const headers = {
    "content-type": "text/html; charset=UTF-8",
    "cache-control": "no-store",
    ...(problem.retryAfter === undefined ? {} : { "retry-after": String(problem.retryAfter) }),
    ...ownHeaders(visit.ray),
  };
  send(response, { status, headers, body: html });
}
