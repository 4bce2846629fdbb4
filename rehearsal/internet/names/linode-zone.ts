import { isWithin } from "../zone.ts";
import { textStrings } from "./zone-file.ts";

/** A record of Linode's DNS Manager. */
export interface LinodeRecord {
  /** Relative to the domain; empty or `@` for the domain itself. */
  readonly name: string;
  readonly type: "A" | "AAAA" | "CAA" | "CNAME" | "MX" | "NS" | "SRV" | "TXT";
  readonly target: string;
  readonly priority?: number;
  readonly weight?: number;
  readonly port?: number;
  /** Of a CAA record. */
  readonly tag?: string;
  /** Of an SRV record, without its underscore. */
  readonly service?: string;
  /** Of an SRV record, without its underscore. */
  readonly protocol?: string;
  /** Seconds; 0 is the domain's. */
  readonly ttlSec: number;
}

/** A domain of Linode's DNS Manager. Times are seconds, 0 is Linode's own. */
export interface LinodeDomain {
  readonly name: string;
  readonly soaEmail: string;
  readonly ttlSec: number;
  readonly refreshSec: number;
  readonly retrySec: number;
  readonly expireSec: number;
  /** Whether it is not answered. */
  readonly disabled?: boolean;
  readonly records: readonly LinodeRecord[];
}

/** Names of Linode's name servers (techdocs.akamai.com/cloud-computing/docs/dns-manager). */
export const linodeNameServers = [1, 2, 3, 4, 5].map((number) => `ns${String(number)}.linode.com`);

/** Linode's own times for a domain that sets none, in seconds. */
const usual = { ttl: 86_400, refresh: 14_400, retry: 14_400, expire: 1_209_600 } as const;

/** A domain in the form of RFC 1035's master files. */
export function renderDomain(domain: LinodeDomain, serial: number): string {
  const { name, records } = domain;
  const ttl = domain.ttlSec || usual.ttl;
  const times = [domain.refreshSec || usual.refresh, domain.retrySec || usual.retry, domain.expireSec || usual.expire];
  const mailbox = `${domain.soaEmail.replace("@", ".")}.`;
  const lines = [
    `${name}. ${String(ttl)} IN SOA ${linodeNameServers[0] ?? ""}. ${mailbox} ${[serial, ...times, ttl].join(" ")}`,
    ...linodeNameServers.map((server) => `${name}. ${String(ttl)} IN NS ${server}.`),
    ...records.map((record) => `${ownerOf(record, name)}. ${String(record.ttlSec || ttl)} IN ${valueOf(record)}`),
  ];
  return `${[...new Set(lines)].join("\n")}\n`;
}

/** The full name that a record is for. */
function ownerOf({ type, name, service, protocol }: LinodeRecord, domain: string): string {
  const relative = name === "@" ? "" : name.replace(/\.$/, "").toLowerCase();
  const host = relative === "" || isWithin(relative, domain) ? relative || domain : `${relative}.${domain}`;
  const labels =
    type === "SRV" ? [service, protocol].flatMap((label) => (label === undefined ? [] : [`_${label}`])) : [];
  return [...labels, host].join(".");
}

function valueOf(record: LinodeRecord): string {
  const { type, target, priority = 0, weight = 0, port = 0, tag = "issue" } = record;
  switch (type) {
    case "TXT":
      return `TXT ${textStrings(target)}`;
    case "CNAME":
    case "NS":
      return `${type} ${absolute(target)}`;
    case "MX":
      return `MX ${String(priority)} ${absolute(target)}`;
    case "SRV":
      return `SRV ${[priority, weight, port].join(" ")} ${absolute(target)}`;
    case "CAA":
      return `CAA 0 ${tag} "${target}"`;
    default:
      return `${type} ${target}`;
  }
}

function absolute(name: string): string {
  return name.endsWith(".") ? name : `${name}.`;
}
