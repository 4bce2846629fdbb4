import { parseExpression, type RequestFacts } from "../rules/expression.ts";
import { rateLimitPhase, rulesOf } from "../rules/ruleset.ts";
import type { Zone } from "../zone.ts";

/** A request as rate limiting rules count it. */
export interface Counted {
  readonly facts: RequestFacts;
  /** Address of the visitor. */
  readonly visitor: string;
}

/** Counts requests against a zone's rate limiting rules. */
export interface Limiter {
  /**
   * Counts a request.
   *
   * @param now milliseconds
   * @returns seconds until the visitor may come again, or undefined when the request may pass
   */
  count(zone: Zone, counted: Counted, now: number): number | undefined;
}

interface Counter {
  /** Milliseconds. */
  began: number;
  requests: number;
  blockedUntil: number;
}

/** Counters that are kept before those that are over are thrown away. */
const mostCounters = 10_000;

/**
 * Starts to count. A counter begins with a visitor's first request and is over after the rule's period; a request above
 * the threshold blocks the visitor, for this rule's requests, for the rule's timeout
 * (developers.cloudflare.com/waf/rate-limiting-rules/request-rate).
 */
export function openLimiter(): Limiter {
  const counters = new Map<string, Counter>();
  return {
    count: (zone, { facts, visitor }, now) => {
      for (const { id, expression, ratelimit } of rulesOf(zone.rulesets, rateLimitPhase)) {
        if (ratelimit === undefined || !parseExpression(expression).matches(facts)) continue;
        if (counters.size > mostCounters) forget(counters, now);
        const key = `${zone.id} ${id} ${visitor}`;
        const counter = current(counters.get(key), now, ratelimit.period * 1000);
        counters.set(key, counter);
        if (counter.blockedUntil <= now) {
          counter.requests += 1;
          if (counter.requests <= (ratelimit.requests_per_period ?? Infinity)) continue;
          counter.blockedUntil = now + (ratelimit.mitigation_timeout ?? 0) * 1000;
        }
        return Math.max(1, Math.ceil((counter.blockedUntil - now) / 1000));
      }
      return undefined;
    },
  };
}

/** A counter goes on within its period and while it blocks; what comes after a block is counted anew. */
function current(known: Counter | undefined, now: number, period: number): Counter {
  if (known === undefined) return { began: now, requests: 0, blockedUntil: 0 };
  if (known.blockedUntil > now) return known;
  return known.blockedUntil > 0 || known.began + period <= now ? { began: now, requests: 0, blockedUntil: 0 } : known;
}

function forget(counters: Map<string, Counter>, now: number): void {
  for (const [key, { began, blockedUntil }] of counters) {
    if (blockedUntil <= now && began + 60_000 <= now) counters.delete(key);
  }
}
