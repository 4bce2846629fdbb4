import type { OutgoingHttpHeaders } from "node:http";
import type { WebHeaders } from "../http.ts";
import type { CacheStatus } from "./cache-plan.ts";

/** A visit to a proxied host. */
export interface Visit {
  /** The host asked for, lower case, without a port. */
  readonly host: string;
  readonly scheme: "http" | "https";
  /** Address of the visitor. */
  readonly visitor: string;
  /** Number of the visit, `8a3f0c1d2e4b5a69-FRA`. */
  readonly ray: string;
}

/** Headers that speak of one connection only (RFC 9110, 7.6.1). */
const ofConnection = [
  ...["connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer"],
  ...["transfer-encoding", "upgrade", "http2-settings"],
];

/** Headers that only the edge may set, besides all that start with `cf-`. */
const ofEdge = ["x-forwarded-proto", "cdn-loop", "true-client-ip", "host", "expect"];

/**
 * The headers that an origin gets: the visitor's, without those that only Cloudflare may set, and Cloudflare's own
 * (developers.cloudflare.com/fundamentals/reference/http-headers).
 */
export function toOrigin(given: WebHeaders, visit: Visit): OutgoingHttpHeaders {
  const forwarded = given["x-forwarded-for"];
  const chain = [...(forwarded === undefined ? [] : [forwarded].flat()), visit.visitor].join(", ");
  const loop = given["cdn-loop"];
  return {
    ...passable(given, (name) => !name.startsWith("cf-") && !ofEdge.includes(name)),
    host: visit.host,
    "cdn-loop": [...(loop === undefined ? [] : [loop].flat()), "cloudflare; loops=1"].join(", "),
    "cf-connecting-ip": visit.visitor,
    "cf-ipcountry": "XX",
    "cf-ray": visit.ray,
    "cf-visitor": JSON.stringify({ scheme: visit.scheme }),
    "x-forwarded-for": chain,
    "x-forwarded-proto": visit.scheme,
  };
}

/** The headers that a visitor gets: the origin's and Cloudflare's own. */
export function toVisitor(given: WebHeaders, ray: string, cached: CacheStatus = "DYNAMIC"): OutgoingHttpHeaders {
  return {
    ...passable(given, (name) => !name.startsWith("cf-") && name !== "server"),
    ...ownHeaders(ray),
    "cf-cache-status": cached,
  };
}

/** What the edge's every answer carries. */
export function ownHeaders(ray: string): Record<string, string> {
  return { server: "cloudflare", "cf-ray": ray };
}

/** The headers that may go on over another connection: not HTTP/2's own, not those that `Connection` names. */
function passable(given: WebHeaders, also: (name: string) => boolean): OutgoingHttpHeaders {
  const named = (given.connection ?? "")
    .toLowerCase()
    .split(",")
    .map((name) => name.trim());
  return Object.fromEntries(
    Object.entries(given).filter(
      ([name]) => !name.startsWith(":") && !ofConnection.includes(name) && !named.includes(name) && also(name),
    ),
  );
}
