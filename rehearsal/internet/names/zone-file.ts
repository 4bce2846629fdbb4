import { isProxiable } from "../record-rules.ts";
import { recordsFor, type DnsRecord, type Zone } from "../zone.ts";

/** Names of the authoritative servers, as Cloudflare assigns a pair to each account. */
export const nameServers = ["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"] as const;

/** Seconds that Cloudflare gives records with an automatic TTL. */
const automaticTtl = 300;

/** What zone files are rendered with. */
export interface ZoneFileOptions {
  /** Address that a proxied name has in DNS. */
  readonly edge: string;
  readonly serial: number;
}

/** A zone in the form of RFC 1035's master files. Proxied records appear as the edge's address. */
export function renderZone(zone: Zone, options: ZoneFileOptions): string {
  const lines = zone.records.flatMap((record) => renderRecord(zone, record, options.edge));
  return `${[...heading(zone.name, options.serial), ...new Set(lines)].join("\n")}\n`;
}

/** A zone that only holds addresses, for names of the internet that the rehearsal needs. */
export function renderAddresses(zone: string, addresses: Readonly<Record<string, string>>): string {
  return `${[...heading(zone, 1), ...addressLines(addresses)].join("\n")}\n`;
}

/** Lines of a master file that give names addresses, for a minute each. */
export function addressLines(addresses: Readonly<Record<string, string>>): string[] {
  return Object.entries(addresses).map(([name, address]) => `${name}. 60 IN A ${address}`);
}

function heading(zone: string, serial: number): string[] {
  return [
    `${zone}. 1800 IN SOA ${nameServers[0]}. dns.cloudflare.com. ${String(serial)} 10000 2400 604800 1800`,
    ...nameServers.map((server) => `${zone}. 86400 IN NS ${server}.`),
  ];
}

function renderRecord(zone: Zone, record: DnsRecord, edge: string): string[] {
  const seconds = record.ttl === 1 ? automaticTtl : record.ttl;
  const line = (type: string, value: string): string => `${record.name}. ${String(seconds)} IN ${type} ${value}`;
  // The rehearsal's internet speaks IPv4 only, so the edge has no AAAA to give.
  if (record.proxied) return record.settings["ipv6_only"] === true ? [] : [line("A", edge)];
  if (record.type === "CNAME" && (record.name === zone.name || record.settings["flatten_cname"] === true)) {
    return flatten(zone, record.content, 8)
      .filter(({ type, proxied }) => proxied || type === "A" || type === "AAAA")
      .map((target) => line(target.proxied ? "A" : target.type, target.proxied ? edge : target.content));
  }
  return [line(record.type, valueOf(record))];
}

/** What a name of the zone leads to in the end; nothing for a name of another zone. */
export function flatten(zone: Zone, name: string, depth: number): readonly DnsRecord[] {
  const found = recordsFor(zone, name.replace(/\.$/, "").toLowerCase()).filter(({ type }) => isProxiable(type));
  const alias = found.find(({ type, proxied }) => type === "CNAME" && !proxied);
  return alias === undefined || depth === 0 ? found : flatten(zone, alias.content, depth - 1);
}

function valueOf(record: DnsRecord): string {
  switch (record.type) {
    case "TXT":
      return textStrings(record.content);
    case "CNAME":
    case "NS":
      return absolute(record.content);
    case "MX":
      return `${String(record.priority ?? 0)} ${absolute(record.content)}`;
    case "SRV":
      return `${String(record.priority ?? 0)} ${absolute(record.content)}`;
    default:
      return record.content;
  }
}

function absolute(name: string): string {
  return name.endsWith(".") ? name : `${name}.`;
}

/** Text as character strings of at most 255 bytes. Text that is written as such strings already means what they hold. */
export function textStrings(content: string): string {
  const strings = /^"(?:[^"\\]|\\.)*"(?:\s+"(?:[^"\\]|\\.)*")*$/.test(content)
    ? Array.from(content.matchAll(/"((?:[^"\\]|\\.)*)"/g), ([, text = ""]) => text.replace(/\\(.)/g, "$1"))
    : [content];
  const pieces = strings.join("").match(/.{1,255}/gs) ?? [""];
  return pieces.map((piece) => `"${piece.replace(/["\\]/g, "\\$&")}"`).join(" ");
}
