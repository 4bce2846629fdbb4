import { elasticsearchPort } from "../elasticsearch/configuration.ts";
import { redisPort } from "../redis/configuration.ts";
import { bothAddresses } from "../servers/private-address.ts";
import type { LinodeSettings, Role } from "../settings/servers.ts";
import type { Settings } from "../settings/settings.ts";
import type { PeerCall } from "./rules.ts";

/** Ports of the private network. */
export const peerPorts = {
  postgres: 5432,
  redis: redisPort,
  search: elasticsearchPort,
  backend: 8443,
  certificates: 8444,
} as const;

/** What servers with a role offer, and to whom. */
interface Offer {
  readonly label: keyof typeof peerPorts;
  readonly description: string;
  readonly by: Role;
  readonly to: readonly Role[];
  readonly when: (settings: Settings, server: LinodeSettings) => boolean;
}

const always = (): boolean => true;

const offers: readonly Offer[] = [
  {
    label: "postgres",
    description: "Postgres, from the servers with pools and from those that work on the database",
    by: "database",
    to: ["app", "database"],
    when: ({ postgres }) => [postgres.platform, postgres.moveFrom].includes("container"),
  },
  { label: "redis", description: "Redis, from the app servers", by: "cache", to: ["app"], when: always },
  { label: "search", description: "Elasticsearch, from the app servers", by: "search", to: ["app"], when: always },
  { label: "backend", description: "The service, from the edges", by: "app", to: ["edge"], when: always },
  {
    label: "certificates",
    description: "The hosts' certificate, from the other edges",
    by: "edge",
    to: ["edge"],
    // The first edge keeps it.
    when: ({ certificate, servers }, server) =>
      certificate.issuer === "acme" && servers.find(({ roles }) => roles.includes("edge")) === server,
  },
];

/**
 * What other servers ask one for over the private network, role by role. Both addresses of each that asks are admitted:
 * its next generation asks while this one still does.
 */
export function peerCalls(server: LinodeSettings, settings: Settings): PeerCall[] {
  return offers
    .filter(({ by, when }) => server.roles.includes(by) && when(settings, server))
    .map(({ label, description, to }) => {
      const askers = settings.servers.filter(({ name, roles }) => {
        return name !== server.name && roles.some((role) => to.includes(role));
      });
      const from = askers.flatMap((one) =>
        one.platform === "linode" && one.address !== undefined ? bothAddresses(one.address) : [],
      );
      return { label, description, port: peerPorts[label], from };
    });
}
