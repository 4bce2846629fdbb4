import { anywhere, withoutOverlaps } from "./cidr.ts";

/** Something that may come in. All that no rule names is dropped. */
export interface FirewallRule {
  /** 3 to 32 lower-case letters, digits and single hyphens, starting with a letter; unlike any other rule's. */
  readonly label: string;
  /** One line for people, 100 characters at most. */
  readonly description: string;
  /** `public`: the address that the internet reaches; `private`: the one on the servers' own network. */
  readonly interface: "public" | "private";
  readonly protocol: "tcp" | "udp" | "icmp";
  /** Empty for `icmp`, which has none. */
  readonly ports: readonly number[];
  /** Networks of both families in CIDR form, sorted, none within another. */
  readonly sources: readonly string[];
}

/** What a server is meant to be reached for. */
export interface Intent {
  /** Networks that reach it over ssh. */
  readonly sshNetworks: readonly string[];
  /** Who reaches its web ports: everybody, the networks of the edge in front of it, or nobody. */
  readonly web: "anywhere" | "nobody" | { readonly edgeNetworks: readonly string[] };
  /** Whether a NodeBalancer passes web requests on to it. */
  readonly balanced: boolean;
  /** What other servers ask it for over the private network. */
  readonly calls: readonly PeerCall[];
}

/** Something that servers ask another one for. */
export interface PeerCall {
  /** 3 to 32 lower-case letters, digits and single hyphens, starting with a letter. */
  readonly label: string;
  readonly description: string;
  readonly port: number;
  /** Addresses of those that ask. */
  readonly from: readonly string[];
}

const sshPort = 22;
const webPorts = [80, 443];
/** Ports on which a server takes requests from a NodeBalancer, which says there for whom it asks. */
export const balancedPorts = { http: 10_080, https: 10_443 } as const;
/** Where NodeBalancers ask from: https://techdocs.akamai.com/cloud-computing/docs/configure-nodebalancers-with-cloud-firewall */
export const balancerNetwork = "192.168.255.0/24";

/**
 * The one list that all firewalls of a server are made from.
 *
 * @throws when a network is none, when nobody could reach the server over ssh, or when an edge names no network
 */
export function incomingRules({ sshNetworks, web, balanced, calls }: Intent): FirewallRule[] {
  if (sshNetworks.length === 0) {
    throw new Error("No network reaches the servers over ssh; name at least the one that Pulumi runs in.");
  }
  const rules: FirewallRule[] = [
    {
      label: "ssh",
      description: "ssh, from named networks only",
      interface: "public",
      protocol: "tcp",
      ports: [sshPort],
      sources: normalized(sshNetworks),
    },
    {
      label: "ping",
      description: "Echo requests and path MTU discovery",
      interface: "public",
      protocol: "icmp",
      ports: [],
      sources: anywhere,
    },
  ];
  rules.push(...webRules(web));
  if (balanced) {
    const description = "Web, by way of the NodeBalancer";
    const ports = Object.values(balancedPorts);
    rules.push({ ...webRule(description, [balancerNetwork]), label: "balanced-web", ports });
  }
  return [...rules, ...calls.filter(({ from }) => from.length > 0).map(peerRule)];
}

/**
 * What may come in to the web ports.
 *
 * @throws when an edge names no network
 */
export function webRules(web: Intent["web"]): FirewallRule[] {
  if (web === "nobody") return [];
  if (web === "anywhere") return [webRule("Web, from anywhere", anywhere)];
  if (web.edgeNetworks.length === 0) {
    throw new Error(
      "The edge names no networks of its own, so nothing would reach the web ports; nothing was changed.",
    );
  }
  return [webRule("Web, from the edge's own networks only", normalized(web.edgeNetworks))];
}

function peerRule({ label, description, port, from }: PeerCall): FirewallRule {
  const sources = normalized(from.map((address) => `${address}/32`));
  return { label, description, interface: "private", protocol: "tcp", ports: [port], sources };
}

function webRule(description: string, sources: readonly string[]): FirewallRule {
  return { label: "web", description, interface: "public", protocol: "tcp", ports: webPorts, sources };
}

function normalized(networks: readonly string[]): string[] {
  return withoutOverlaps(networks).map(({ text }) => text);
}
