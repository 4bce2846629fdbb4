import type { WebHeaders } from "../http.ts";
import { extensionOf, parseExpression, type RequestFacts } from "../rules/expression.ts";
import { cachePhase, rulesOf, type CacheParameters, type Lifetime } from "../rules/ruleset.ts";
import type { Zone } from "../zone.ts";
import { settingOf } from "./plan.ts";

/** What `cf-cache-status` says (developers.cloudflare.com/cache/concepts/cache-responses). */
export type CacheStatus = "DYNAMIC" | "BYPASS" | "MISS" | "EXPIRED" | "HIT";

/** Whether the answer to a request may come from the cache and stay in it. */
export type CachePlan =
  | { readonly kind: "pass"; readonly status: "DYNAMIC" | "BYPASS" }
  | {
      readonly kind: "keep";
      readonly key: string;
      /** What the origin is asked for, so that one kept answer fits all who have the same key. */
      readonly encoding: string;
      readonly edge: Lifetime | undefined;
      readonly browser: Lifetime | undefined;
    };

/** Extensions that are kept without any rule (…/cache/concepts/default-cache-behavior). */
const staticExtensions = [
  "7z avi avif apk bin bmp bz2 class css csv dmg doc docx ejs eot eps exe flac gif gz ico iso jar jpeg jpg js mid midi",
  "mkv mp3 mp4 ogg otf pdf pict pls png ppt pptx ps rar svg svgz swf tar tif tiff ttf webm webp woff woff2 xls xlsx",
  "zip zst",
].flatMap((extensions) => extensions.split(" "));

/** Decides about a request by the zone's settings and its cache rules, of which the last that says something counts. */
export function planCaching(zone: Zone, facts: RequestFacts, headers: WebHeaders): CachePlan {
  if (!["GET", "HEAD"].includes(facts.method)) return { kind: "pass", status: "DYNAMIC" };
  const settings = rulesOf(zone.rulesets, cachePhase)
    .filter(({ expression }) => parseExpression(expression).matches(facts))
    .reduce<CacheParameters>((all, { action_parameters: own }) => ({ ...all, ...own }), {});
  if (settings.cache === false) return { kind: "pass", status: "BYPASS" };
  if (settings.cache !== true && !isStatic(zone, facts)) return { kind: "pass", status: "DYNAMIC" };
  const unfit = headers.authorization !== undefined || headers.range !== undefined;
  if (unfit || settingOf(zone, "development_mode") === "on") return { kind: "pass", status: "BYPASS" };
  const encoding = encodingOf(headers);
  const query = settingOf(zone, "cache_level") === "simplified" || facts.query === "" ? "" : `?${facts.query}`;
  const key = [facts.ssl ? "https" : "http", facts.host, `${facts.path}${query}`, encoding].join(" ");
  return { kind: "keep", key, encoding, edge: settings.edge_ttl, browser: settings.browser_ttl };
}

function isStatic(zone: Zone, { path, query }: RequestFacts): boolean {
  if (!staticExtensions.includes(extensionOf(path))) return false;
  return query === "" || settingOf(zone, "cache_level") !== "basic";
}

/** The best encoding that Cloudflare asks an origin for and a visitor takes. */
function encodingOf(headers: WebHeaders): string {
  const accepted = (headers["accept-encoding"] ?? "")
    .toLowerCase()
    .split(",")
    .map((one) => one.trim())
    .filter((one) => !/;\s*q=0(\.0*)?$/.test(one))
    .map((one) => one.split(";")[0]);
  return ["br", "gzip"].find((one) => accepted.includes(one)) ?? "identity";
}
