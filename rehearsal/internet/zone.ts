import type { Ruleset } from "./rules/ruleset.ts";

/** A DNS record as Cloudflare's API has it. */
export interface DnsRecord {
  readonly id: string;
  /** Full name without a dot at its end, lower case. */
  readonly name: string;
  readonly type: string;
  /** Value in the form of a zone file, without the priority. */
  readonly content: string;
  /** Parts of a record with several, for example `flags`, `tag` and `value` of a CAA record. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly priority?: number;
  /** Seconds; 1 leaves it to Cloudflare. */
  readonly ttl: number;
  readonly proxied: boolean;
  readonly proxiable: boolean;
  readonly comment: string | null;
  readonly tags: readonly string[];
  readonly settings: Readonly<Record<string, unknown>>;
  readonly meta: Readonly<Record<string, unknown>>;
  /** Time in ISO 8601. */
  readonly created_on: string;
  readonly modified_on: string;
  readonly comment_modified_on?: string;
}

/** A zone setting that was set; one that never was has its default. */
export interface SettingValue {
  readonly value: unknown;
  readonly modified_on: string;
}

/** A zone with all that belongs to it. */
export interface Zone {
  readonly id: string;
  readonly name: string;
  /** Counts the changes of its records. */
  readonly revision: number;
  readonly created_on: string;
  readonly records: readonly DnsRecord[];
  readonly settings: Readonly<Record<string, SettingValue>>;
  readonly rulesets: readonly Ruleset[];
}

/** Whether a name is a zone's apex or lies below it. */
export function isWithin(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`);
}

/** The zone that a host lies in, the most specific one; undefined when there is none. */
export function zoneOf(zones: readonly Zone[], host: string): Zone | undefined {
  return zones.filter(({ name }) => isWithin(host, name)).sort((a, b) => b.name.length - a.name.length)[0];
}

/** The records for a name: its own, or those of the wildcard that covers it (RFC 4592: only when it has none at all). */
export function recordsFor(zone: Zone, host: string): readonly DnsRecord[] {
  const own = zone.records.filter(({ name }) => name === host);
  if (own.length > 0) return own;
  const parent = host.slice(host.indexOf(".") + 1);
  if (!isWithin(parent, zone.name) || parent === host) return [];
  const wildcard = zone.records.filter(({ name }) => name === `*.${parent}`);
  return wildcard.length > 0 ? wildcard : recordsFor(zone, parent);
}
