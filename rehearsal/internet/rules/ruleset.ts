/** How long something is kept, and who says so. */
export interface Lifetime {
  readonly mode: string;
  /** Seconds, where the mode is `override_origin`. */
  readonly default?: number;
}

/** What a cache rule does with a request that it matches. */
export interface CacheParameters {
  /** Whether the answer may be kept at all; left to the path's extension when it is not said. */
  readonly cache?: boolean;
  readonly edge_ttl?: Lifetime;
  readonly browser_ttl?: Lifetime;
  readonly respect_strong_etags?: boolean;
  readonly origin_error_page_passthru?: boolean;
}

/** How often a visitor may come. */
export interface RateLimit {
  readonly characteristics: readonly string[];
  /** Seconds. */
  readonly period: number;
  readonly requests_per_period?: number;
  /** Seconds. */
  readonly mitigation_timeout?: number;
  readonly requests_to_origin?: boolean;
  readonly counting_expression?: string;
}

/** A rule as it is asked for. */
export interface RuleRequest {
  readonly id?: string;
  readonly ref?: string;
  readonly action: string;
  readonly expression: string;
  readonly description?: string;
  readonly enabled?: boolean;
  readonly action_parameters?: CacheParameters & Readonly<Record<string, unknown>>;
  readonly ratelimit?: RateLimit & Readonly<Record<string, unknown>>;
  readonly logging?: Readonly<Record<string, unknown>>;
  readonly exposed_credential_check?: unknown;
}

/** A rule as Cloudflare's API has it. */
export interface Rule extends RuleRequest {
  readonly id: string;
  readonly ref: string;
  readonly version: string;
  readonly description: string;
  readonly enabled: boolean;
  /** Time in ISO 8601. */
  readonly last_updated: string;
}

/** A ruleset as it is asked for. */
export interface RulesetRequest {
  readonly name: string;
  readonly kind: string;
  readonly phase: string;
  readonly description?: string;
  readonly rules?: readonly RuleRequest[];
}

/** A zone's ruleset as Cloudflare's API has it. */
export interface Ruleset extends RulesetRequest {
  readonly id: string;
  readonly description: string;
  /** Counts its changes. */
  readonly version: string;
  readonly last_updated: string;
  readonly rules: readonly Rule[];
}

/** The phase of rules on what the edge keeps. */
export const cachePhase = "http_request_cache_settings";
/** The phase of rules on how often a visitor may come. */
export const rateLimitPhase = "http_ratelimit";

/** The rules of a phase that are switched on, in their order. */
export function rulesOf(rulesets: readonly Ruleset[], phase: string): readonly Rule[] {
  return rulesets
    .filter((ruleset) => ruleset.phase === phase)
    .flatMap(({ rules }) => rules.filter(({ enabled }) => enabled));
}
