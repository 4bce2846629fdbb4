import { randomBytes, randomInt } from "node:crypto";
import type { ClientRequest } from "node:http";
import { pipeline } from "node:stream";
import { hostOf, send, type WebRequest, type WebResponse } from "../http.ts";
import type { Zone } from "../zone.ts";
import { errorPage, type EdgeErrorCode } from "./error-page.ts";
import { ownHeaders, toOrigin, toVisitor, type Visit } from "./headers.ts";
import { errorOf, type Origins } from "./origin.ts";
import { planVisit, settingOf, type Origin, type Plan } from "./plan.ts";

/** What the edge works with. */
export interface Edge {
  zones(): readonly Zone[];
  readonly origins: Origins;
  /** The edge's own address. */
  readonly address: string;
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
}

/** Reads a visit out of a request and decides about it. */
export function judge(edge: Edge, request: WebRequest, scheme: "http" | "https"): Planned {
  const host = hostOf(request.headers);
  const visitor = (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
  const visit = { host, scheme, visitor, ray: `${randomBytes(8).toString("hex")}-FRA` };
  return { visit, plan: planVisit(edge.zones(), { host, scheme, target: request.url ?? "/", edge: edge.address }) };
}

/** Answers a visit: with a redirection, an error page, or what the origin says. Bodies are streamed both ways. */
export function forward(edge: Edge, exchange: Exchange, planned: Planned): void {
  const { response } = exchange;
  const { plan, visit } = planned;
  if (plan.kind === "error") {
    sendError(response, plan.code, visit);
    return;
  }
  if (plan.kind === "redirect") {
    send(response, { status: 301, headers: { location: plan.location, ...ownHeaders(visit.ray) }, body: "" });
    return;
  }
  fetchFrom(edge, exchange, { visit, zone: plan.zone, origin: choose(plan.origins) });
}

/** An origin, and for whom it is asked. */
interface Errand {
  readonly visit: Visit;
  readonly zone: Zone;
  readonly origin: Origin;
  /** Whether this is the second attempt. */
  readonly again?: boolean;
}

function fetchFrom(edge: Edge, exchange: Exchange, errand: Errand): void {
  const { request, response } = exchange;
  const { visit, zone, origin } = errand;
  const upstream = edge.origins.open(origin, visit.host, {
    method: request.method ?? "GET",
    path: request.url ?? "/",
    headers: bodyHeaders(request, toOrigin(request.headers, visit)),
  });
  let finished = false;
  upstream.on("response", (answer) => {
    response.statusCode = answer.statusCode ?? 520;
    const headers = { ...toVisitor(answer.headers, visit.ray), ...transportSecurity(zone, visit.scheme) };
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
    else sendError(response, errorOf(upstream, origin, error), visit);
  });
  response.on("close", () => {
    if (!finished) upstream.destroy();
  });
  sendBody(request, upstream);
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

function sendError(response: WebResponse, code: EdgeErrorCode, visit: Visit): void {
  const { status, html } = errorPage(code, visit);
  const headers = { "content-type": "text/html; charset=UTF-8", "cache-control": "no-store", ...ownHeaders(visit.ray) };
  send(response, { status, headers, body: html });
}

/** HSTS, where the zone's setting has it (RFC 6797): over TLS only. */
function transportSecurity(zone: Zone, scheme: "http" | "https"): Record<string, string> {
  const setting = settingOf(zone, "security_header") as
    { strict_transport_security?: Record<string, unknown> } | undefined;
  const wanted = setting?.strict_transport_security ?? {};
  if (scheme === "http" || wanted["enabled"] !== true) return {};
  const parts = [
    `max-age=${String(Number(wanted["max_age"] ?? 0))}`,
    ...(wanted["include_subdomains"] === true ? ["includeSubDomains"] : []),
    ...(wanted["preload"] === true ? ["preload"] : []),
  ];
  return {
    "strict-transport-security": parts.join("; "),
    ...(wanted["nosniff"] === true ? { "x-content-type-options": "nosniff" } : {}),
  };
}
