import { parseNetwork } from "./cidr.ts";
import type { FirewallRule } from "./rules.ts";

/** One of the `inbounds` of a linode.Firewall. */
export interface LinodeInbound {
  readonly label: string;
  readonly description: string;
  readonly action: "ACCEPT";
  readonly protocol: "TCP" | "UDP" | "ICMP";
  /** Absent for ICMP. */
  readonly ports?: string;
  readonly ipv4s?: string[];
  readonly ipv6s?: string[];
}

/** Linode's limits: https://techdocs.akamai.com/cloud-computing/docs/cloud-firewall */
const mostRules = 25;
const mostAddresses = 255;
const longestDescription = 100;
const label = /^(?=.{3,32}$)[a-z]+(-?[a-z0-9]+)*$/;

/**
 * The rules as a linode.Firewall takes them, in their order. A firewall of Linode filters all of a server's addresses,
 * so the rules of the private network are among them.
 *
 * @throws when Linode would refuse them
 */
export function linodeInbounds(rules: readonly FirewallRule[]): LinodeInbound[] {
  if (rules.length > mostRules) {
    throw new Error(
      `${String(rules.length)} firewall rules, but Linode takes ${String(mostRules)} at most; join rules that differ in their ports only.`,
    );
  }
  const labels = rules.map((rule) => rule.label);
  const twice = labels.find((one, index) => labels.indexOf(one) < index);
  if (twice !== undefined) throw new Error(`Two firewall rules are named "${twice}"; give each a name of its own.`);
  return rules.map(inbound);
}

function inbound(rule: FirewallRule): LinodeInbound {
  const networks = rule.sources.map(parseNetwork);
  check(rule, networks.length);
  const ipv4s = networks.filter(({ family }) => family === 4).map(({ text }) => text);
  const ipv6s = networks.filter(({ family }) => family === 6).map(({ text }) => text);
  return {
    label: rule.label,
    description: rule.description,
    action: "ACCEPT",
    protocol: protocols[rule.protocol],
    ...(rule.ports.length > 0 ? { ports: rule.ports.join(", ") } : {}),
    ...(ipv4s.length > 0 ? { ipv4s } : {}),
    ...(ipv6s.length > 0 ? { ipv6s } : {}),
  };
}

const protocols = { tcp: "TCP", udp: "UDP", icmp: "ICMP" } as const;

function check({ label: name, description, protocol, ports, sources }: FirewallRule, addresses: number): void {
  const refuse = (why: string): never => {
    throw new Error(`Firewall rule "${name}": ${why}`);
  };
  if (!label.test(name)) {
    refuse("Linode wants 3 to 32 lower-case letters, digits and single hyphens, starting with a letter.");
  }
  if (description.length > longestDescription) {
    refuse(`its description has more than ${String(longestDescription)} characters.`);
  }
  if (sources.length === 0) refuse("it names no source; leave it out if nothing is to come in.");
  if (addresses > mostAddresses) {
    refuse(`${String(addresses)} networks, but Linode takes ${String(mostAddresses)} at most; name larger networks.`);
  }
  if ((protocol === "icmp") !== (ports.length === 0)) {
    refuse(protocol === "icmp" ? "ICMP has no ports." : "it names no port.");
  }
}
