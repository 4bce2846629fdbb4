import type { RuleFaults } from "./check.ts";
import type { Lifetime, RuleRequest } from "./ruleset.ts";

/** Cache rules of a zone on the Free plan (developers.cloudflare.com/cache/how-to/cache-rules, "Availability"). */
export const mostCacheRules = 10;

/** Seconds below which the Free plan keeps nothing (developers.cloudflare.com/cache/how-to/edge-browser-cache-ttl). */
const shortest = { edge_ttl: 7200, browser_ttl: 120 } as const;
const greatest = 31_536_000;

const modes = {
  edge_ttl: ["respect_origin", "bypass_by_default", "override_origin"],
  browser_ttl: ["respect_origin", "bypass", "override_origin"],
} as const;

const played = ["cache", "edge_ttl", "browser_ttl", "respect_strong_etags", "origin_error_page_passthru"];

/** What Cloudflare, or the rehearsal, does not take in a cache rule (…/cache/how-to/cache-rules/settings). */
export function checkCacheRule({ action_parameters: parameters, ratelimit }: RuleRequest, refuse: RuleFaults): void {
  if (ratelimit !== undefined) refuse("ratelimit", "is for rules of the phase http_ratelimit only.");
  const given = Object.entries(parameters ?? {}).filter(([, value]) => value !== undefined && value !== null);
  if (parameters === undefined || given.length === 0) {
    refuse("action_parameters", "a cache rule must set something.");
    return;
  }
  for (const [name] of given) {
    if (played.includes(name)) continue;
    refuse(`action_parameters.${name}`, `the rehearsal does not play it; it has ${played.join(", ")}.`);
  }
  checkLifetime("edge_ttl", parameters.edge_ttl, refuse);
  checkLifetime("browser_ttl", parameters.browser_ttl, refuse);
  if (parameters.cache === false && (parameters.edge_ttl ?? parameters.browser_ttl) !== undefined) {
    refuse("action_parameters.cache", "a rule that bypasses the cache cannot set how long something is kept.");
  }
}

function checkLifetime(name: "edge_ttl" | "browser_ttl", lifetime: Lifetime | undefined, refuse: RuleFaults): void {
  if (lifetime === undefined) return;
  const { mode, default: seconds } = lifetime;
  const path = `action_parameters.${name}`;
  if (!(modes[name] as readonly string[]).includes(mode)) {
    refuse(`${path}.mode`, `'${mode}' is not a valid value for mode: it must be one of ${modes[name].join(", ")}.`);
    return;
  }
  for (const other of Object.keys(lifetime)) {
    if (!["mode", "default"].includes(other)) refuse(`${path}.${other}`, "the rehearsal does not play it.");
  }
  if ((mode === "override_origin") !== (seconds !== undefined)) {
    refuse(`${path}.default`, "must be given when mode is override_origin, and only then.");
    return;
  }
  if (seconds === undefined) return;
  if (!Number.isInteger(seconds) || seconds < shortest[name] || seconds > greatest) {
    const range = `${String(shortest[name])} to ${String(greatest)}`;
    refuse(`${path}.default`, `not entitled to use ${String(seconds)} seconds: the Free plan has ${range}.`);
  }
}
