import type { WebHeaders } from "../http.ts";
import type { Lifetime } from "../rules/ruleset.ts";
import type { Zone } from "../zone.ts";
import type { CachePlan } from "./cache-plan.ts";
import { settingOf } from "./plan.ts";

/** An origin's answer, as it is judged. */
export interface Judged {
  readonly status: number;
  readonly headers: WebHeaders;
}

/** Seconds that an answer is kept for which the origin says nothing (…/cache/how-to/configure-cache-status-code). */
const usualSeconds: Readonly<Record<number, number>> = {
  ...{ 200: 7200, 301: 7200, 302: 1200, 303: 1200, 404: 180, 410: 180 },
};

/**
 * Seconds that the edge keeps an answer, 0 for not at all: by the rule's word, or by the origin's
 * (developers.cloudflare.com/cache/concepts/cache-control), or by its status.
 */
export function keptSeconds(plan: CachePlan, { status, headers }: Judged): number {
  if (plan.kind === "pass") return 0;
  const usual = usualSeconds[status] ?? 0;
  if (plan.edge?.mode === "override_origin") return usual === 0 ? 0 : (plan.edge.default ?? 0);
  const directives = directivesOf(headers["cache-control"]);
  if (["private", "no-store", "no-cache"].some((name) => directives.has(name))) return 0;
  if (headers["set-cookie"] !== undefined || headers.vary === "*" || status === 206 || status >= 500) return 0;
  const told = directives.get("s-maxage") ?? directives.get("max-age") ?? expiresIn(headers);
  if (told !== undefined) return Number.isFinite(Number(told)) ? Math.max(0, Number(told)) : 0;
  return plan.edge?.mode === "bypass_by_default" ? 0 : usual;
}

/** The headers of an answer that the edge may keep, as visitors get them. */
export function cachedHeaders(
  zone: Zone,
  { edge, browser }: { readonly edge: Lifetime | undefined; readonly browser: Lifetime | undefined },
  headers: WebHeaders,
): WebHeaders {
  const { "set-cookie": cookies, ...plain } = headers;
  // What is kept for everybody must not hand one visitor's session to the next.
  const passed = edge?.mode === "override_origin" || cookies === undefined ? plain : headers;
  const control = browserControl(zone, browser, headers);
  if (control === undefined) return { ...passed };
  const { expires: _, ...rest } = passed;
  return { ...rest, "cache-control": control };
}

/** What browsers are told instead of the origin's word; undefined leaves that as it is. */
function browserControl(zone: Zone, browser: Lifetime | undefined, headers: WebHeaders): string | undefined {
  switch (browser?.mode) {
    case "override_origin":
      return `max-age=${String(browser.default ?? 0)}`;
    case "bypass":
      return "no-store";
    case "respect_origin":
      return undefined;
    default: {
      const least = Number(settingOf(zone, "browser_cache_ttl"));
      const directives = directivesOf(headers["cache-control"]);
      const told = Number(directives.get("max-age") ?? expiresIn(headers) ?? 0);
      if (told >= least) return undefined;
      return `${directives.has("public") ? "public, " : ""}max-age=${String(least)}`;
    }
  }
}

function directivesOf(header: unknown): Map<string, string> {
  const parts = (typeof header === "string" ? header : "").toLowerCase().split(",");
  return new Map(
    parts.map((part) => {
      const [name = "", value = ""] = part.trim().split("=");
      return [name, value.replace(/^"(.*)"$/, "$1")];
    }),
  );
}

/** Seconds until the time in `Expires`; a time that is none is over (RFC 9111, 5.3). */
function expiresIn(headers: WebHeaders): string | undefined {
  if (typeof headers["expires"] !== "string") return undefined;
  const until = Date.parse(headers["expires"]);
  return String(Number.isNaN(until) ? 0 : Math.round((until - Date.now()) / 1000));
}
