import type { FirewallRule } from "../../infra/firewall/rules.ts";
import type { Role } from "../../infra/settings/servers.ts";

/** What an environment must look like from outside. */
export interface Expectations {
  readonly stack: string;
  /** The release that must answer, as `/health/ready` names it. */
  readonly release: string;
  /** Host names that the service answers to, at least one. */
  readonly hosts: readonly string[];
  /** Whether requests come by way of the edge in front of the servers. */
  readonly proxied: boolean;
  /** The edge: needed when requests come by way of it. */
  readonly edge: { readonly addresses: readonly string[]; readonly networks: readonly string[] };
  readonly dns: DnsExpectations;
  readonly servers: readonly ServerExpectations[];
  /** What stands in front of the edges; undefined where there is one edge. */
  readonly balancer: HostExpectations | undefined;
  /** The servers' private networks in CIDR form, within 10.0.0.0/8. */
  readonly privateNetworks: readonly string[];
  readonly tls: TlsExpectations;
  /** Headers that the proxy sets on every answer: name and value, `responseHeaders` of the site. */
  readonly headers: Readonly<Record<string, string>>;
  readonly ssh: SshExpectations;
  readonly signIn: SignInExpectations;
  /** TCP ports that must be reachable from nowhere: databases, caches, the app itself. */
  readonly dataPorts: readonly number[];
}

/** What DNS must answer. */
export interface DnsExpectations {
  readonly zone: string;
  /** Time to live in seconds that answers of the zone's own name servers have. */
  readonly ttlSeconds: number;
  /** Address of the resolver that people use. */
  readonly resolver: string;
  /** Addresses of the zone's own name servers. */
  readonly nameServers: readonly string[];
  /** Who may issue certificates for the hosts, as CAA records show it: `0 issue "letsencrypt.org"`. Any order. */
  readonly caa: readonly string[];
}

/** Something with an address that the internet reaches. */
export interface HostExpectations {
  readonly name: string;
  readonly publicAddress: string;
  /** All that may come in. */
  readonly firewall: readonly FirewallRule[];
}

/** A server. */
export interface ServerExpectations extends HostExpectations {
  readonly privateAddress: string;
  readonly roles: readonly Role[];
  /** The pinned host key: `ssh-ed25519 AAAA…`. */
  readonly hostKey: string;
}

/** What TLS must be like. */
export interface TlsExpectations {
  /** Trust roots, PEM. */
  readonly roots: string;
  /** Roots that the edge trusts besides, of certificates for origins, PEM; empty for none. */
  readonly originRoots: string;
  /** The least version that is spoken. */
  readonly minimumVersion: "1.2" | "1.3";
  /** Days that a certificate must be valid for still. */
  readonly leastDays: number;
}

/** What ssh must be like. */
export interface SshExpectations {
  /** The one user who may log in. */
  readonly user: string;
  /** The private key that opens, as text. */
  readonly privateKey: string;
  /** Networks in CIDR form that ssh may come from. */
  readonly networks: readonly string[];
}

/** Somebody who can sign in. */
export interface SignInExpectations {
  readonly identifier: string;
  readonly password: string;
  /** Whose password it is, for a reader: `that of the old system`. */
  readonly whose: string;
  /** What the user's account page names. */
  readonly shownName: string;
}
