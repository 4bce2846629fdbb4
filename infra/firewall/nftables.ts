import { parseNetwork } from "./cidr.ts";
import type { FirewallRule } from "./rules.ts";

/** What a host's firewall is made from. */
export interface HostFirewall {
  readonly rules: readonly FirewallRule[];
  /** The servers' own network in CIDR form, IPv4; absent when there is none. */
  readonly privateNetwork?: string;
}

/** Where servers of the vendor read their own user data, which holds more than a container need know. */
const metadataAddresses = { ip: "169.254.169.254", ip6: "fd00:a9fe:a9fe::1" } as const;

/**
 * The host's firewall as a text for nft(8), which replaces the one that is loaded in one step. It knows no interface by
 * its name: a packet on a bridge comes from a container, one to a private address on the interface that has this
 * address comes over the private network, and all others are public.
 *
 * It filters before Docker's redirections (priority dstnat), so that ports which containers publish are filtered, too, and
 * lets nobody route through the server to containers' own addresses.
 *
 * @throws when a rule is for the private network and there is none
 */
export function nftRuleset({ rules, privateNetwork }: HostFirewall): string {
  const astray = rules.find((rule) => rule.interface === "private");
  if (astray !== undefined && privateNetwork === undefined) {
    throw new Error(`Firewall rule "${astray.label}" is for the private network, but the server is in none.`);
  }
  const toPrivate =
    privateNetwork === undefined
      ? []
      : [`ip daddr ${parseNetwork(privateNetwork).text} fib daddr . iif type local goto private`];
  const chains = [
    chain("incoming", [
      "type filter hook prerouting priority mangle; policy drop;",
      'iif "lo" accept',
      'meta iifkind "bridge" goto containers',
      "ct state established,related accept",
      "ct state invalid counter drop",
      "jump necessities",
      "meta pkttype { broadcast, multicast } counter drop",
      "fib daddr type != local goto refused",
      ...toPrivate,
      "goto public",
    ]),
    chain("containers", [
      `ip daddr ${metadataAddresses.ip} counter drop`,
      `ip6 daddr ${metadataAddresses.ip6} counter drop`,
      "accept",
    ]),
    chain("necessities", [
      "ip6 hoplimit 255 icmpv6 type { nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } accept",
      "ip6 saddr fe80::/10 icmpv6 type { mld-listener-query, mld-listener-report, mld2-listener-report } accept",
      "udp sport 67 udp dport 68 accept",
      "ip6 saddr fe80::/10 udp sport 547 udp dport 546 accept",
    ]),
    chain("public", [...rules.filter((rule) => rule.interface === "public").flatMap(accept), "goto refused"]),
    ...(privateNetwork === undefined
      ? []
      : [chain("private", [...rules.filter((rule) => rule.interface === "private").flatMap(accept), "goto refused"])]),
    chain("refused", [
      'limit rate 6/minute burst 10 packets log prefix "landfall refused: " level info',
      "counter drop",
    ]),
  ];
  const table = "table inet landfall";
  return `${table}\ndelete ${table}\n\n${table} {\n${chains.join("\n\n")}\n}\n`;
}

function chain(name: string, lines: readonly string[]): string {
  return [`\tchain ${name} {`, ...lines.map((line) => `\t\t${line}`), "\t}"].join("\n");
}

function accept(rule: FirewallRule): string[] {
  const networks = rule.sources.map(parseNetwork);
  const ofFamily = (wanted: 4 | 6): string[] =>
    networks.filter(({ family }) => family === wanted).map(({ text }) => text);
  return [...acceptFrom(rule, 4, ofFamily(4)), ...acceptFrom(rule, 6, ofFamily(6))];
}

function acceptFrom({ label, protocol, ports }: FirewallRule, family: 4 | 6, networks: readonly string[]): string[] {
  if (networks.length === 0) return [];
  const all = networks.some((network) => network.endsWith("/0"));
  const source = all ? `meta nfproto ipv${String(family)}` : `${family === 4 ? "ip" : "ip6"} saddr ${set(networks)}`;
  const what =
    protocol === "icmp"
      ? `${family === 4 ? "icmp" : "icmpv6"} type echo-request limit rate 20/second`
      : `${protocol} dport ${set(ports.map(String))}`;
  return [`${source} ${what} accept comment "${label}"`];
}

function set(members: readonly string[]): string {
  return members.length === 1 ? members.join() : `{ ${members.join(", ")} }`;
}
