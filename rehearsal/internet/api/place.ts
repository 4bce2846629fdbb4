import type { Account } from "../account.ts";
import type { OriginCertificates } from "../origin-certificates.ts";
import type { Store } from "../store.ts";
import type { Zone } from "../zone.ts";
import { refused, type Answer } from "./envelope.ts";
import type { Faults } from "./faults.ts";

/** A request to Cloudflare's API. */
export interface ApiRequest {
  readonly method: string;
  /** Path with its query, `/client/v4/zones?name=example.com`. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** What the API works on. */
export interface Api {
  readonly account: Account;
  readonly store: Store;
  readonly certificates: OriginCertificates;
  /** Lets the DNS servers answer from the zone as it is now. */
  publish(zone: Zone): Promise<void>;
  /** What requests with the token for DNS meet first. */
  readonly faults: Faults;
}

/** What a request is about, within a zone. */
export interface Place {
  readonly api: Api;
  readonly zone: Zone;
  /** What the path names below the section; empty for the section itself. */
  readonly item: string;
  /** The path below the item. */
  readonly more: readonly string[];
  readonly query: URLSearchParams;
}

/** The answer to a request that Cloudflare has a route for and the rehearsal has not, or neither. */
export function noRoute(path: string, method: string): Answer {
  const message = `No route for that URI: the rehearsal does not stand in for ${method} ${path}`;
  return refused(405, { code: 7000, message });
}

/** The object in a body; undefined when it is none. */
export function parse(body: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : undefined;
  } catch {
    return undefined;
  }
}
