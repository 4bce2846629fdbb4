import { isIPv4, isIPv6 } from "node:net";
import { isProxiable } from "../record-rules.ts";
import { initialValue } from "../zone-settings.ts";
import { isWithin, recordsFor, zoneOf, type Zone } from "../zone.ts";
import type { EdgeErrorCode } from "./error-page.ts";

/** How the edge reaches an origin. */
export interface Origin {
  /** Address, or the name of a host outside of the account. */
  readonly host: string;
  readonly scheme: "http" | "https";
  /** Whether its certificate must be valid for the host that was asked for. */
  readonly strict: boolean;
}

/** What the edge does with a visit. */
export type Plan =
  | { readonly kind: "redirect"; readonly location: string }
  | {
      readonly kind: "error";
      readonly code: EdgeErrorCode;
      /** Seconds after which the visitor may come again. */
      readonly retryAfter?: number;
    }
  | { readonly kind: "origin"; readonly zone: Zone; readonly origins: readonly Origin[] };

/** A visit as it is judged. */
export interface PlanRequest {
  readonly host: string;
  readonly scheme: "http" | "https";
  /** Path with its query. */
  readonly target: string;
  /** The edge's own address, which must not be an origin. */
  readonly edge: string;
}

/** The value of a zone's setting: the one that was set, or Cloudflare's default. */
export function settingOf(zone: Zone, id: string): unknown {
  return zone.settings[id]?.value ?? initialValue(id)?.value;
}

/** Decides what the edge does with a visit. Several origins are alternatives of which any will do. */
export function planVisit(zones: readonly Zone[], { host, scheme, target, edge }: PlanRequest): Plan {
  if (host === "" || isIPv4(host) || isIPv6(host)) return { kind: "error", code: 1003 };
  const zone = zoneOf(zones, host);
  if (zone === undefined) return { kind: "error", code: 1001 };
  const proxied = recordsFor(zone, host).filter((record) => record.proxied);
  if (proxied.length === 0) return { kind: "error", code: 1001 };
  const mode = String(settingOf(zone, "ssl"));
  if (scheme === "http" && settingOf(zone, "always_use_https") === "on") {
    return { kind: "redirect", location: `https://${host}${target}` };
  }
  if (scheme === "https" && mode === "off") return { kind: "redirect", location: `http://${host}${target}` };
  const hosts = proxied.flatMap(({ type, content }) => (type === "CNAME" ? follow(zone, content) : [content]));
  if (hosts.length === 0) return { kind: "error", code: 1016 };
  if (hosts.includes(edge)) return { kind: "error", code: 1000 };
  const to = originScheme(mode, scheme);
  const strict = mode === "strict" || mode === "origin_pull";
  return { kind: "origin", zone, origins: hosts.map((each) => ({ host: each, scheme: to, strict })) };
}

/** An alias within the zone is followed by its records, never by way of the edge itself; one outside is a name. */
function follow(zone: Zone, name: string, depth = 8): string[] {
  const target = name.replace(/\.$/, "");
  if (!isWithin(target, zone.name)) return [target];
  const records = recordsFor(zone, target).filter(({ type }) => isProxiable(type));
  return records.flatMap(({ type, content }) => {
    if (type !== "CNAME") return [content];
    return depth === 0 ? [] : follow(zone, content, depth - 1);
  });
}

/** developers.cloudflare.com/ssl/origin-configuration/ssl-modes */
function originScheme(mode: string, visitor: "http" | "https"): "http" | "https" {
  switch (mode) {
    case "off":
    case "flexible":
      return "http";
    case "origin_pull":
      return "https";
    default:
      return visitor;
  }
}
