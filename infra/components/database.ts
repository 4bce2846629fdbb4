import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import type { Network } from "./network.ts";
import type { Server } from "./server.ts";

/** Name of the service's database. */
export const databaseName = "landfall";
/** The role that owns the schema. */
export const ownerRole = "landfall_owner";
/** The role of the service, which reads and writes rows. */
export const serviceRole = "landfall_app";

/** A server and its networks: where a container stands. */
export interface Place {
  readonly server: Server;
  readonly network: Network;
}

/** Where a database is, and as whom one connects to it. */
export interface DatabaseConnection {
  /** A name or an address. */
  readonly host: pulumi.Input<string>;
  readonly port: pulumi.Input<number>;
  readonly database: string;
  readonly user: string;
  readonly password: pulumi.Output<string>;
  /** Root certificate that the server's certificate must come from; undefined where the connection has no TLS. */
  readonly rootCertificate: pulumi.Output<string> | undefined;
}

/** A connection whose place is known before anything is made. */
export interface PlacedConnection extends DatabaseConnection {
  readonly host: string;
  readonly port: number;
}

/** The database of the service, wherever it runs. */
export interface Database {
  /** The way there from a server, as the role that owns the schema. */
  owner(from: Server): DatabaseConnection;
  /** The way there from a server, as the role of the service, which reads and writes rows. */
  service(from: Server): DatabaseConnection;
  /** The network that a container of a server has to be on to reach it. */
  network(from: Place): docker.Network;
  /** What must be open before it is used. */
  readonly gates: readonly pulumi.Resource[];
}

/** What is reached by a name on its own server, and by the server's private address from every other one. */
export interface Reachable {
  /** The server that it runs on. */
  readonly server: Server;
  /** Its name on its server's `data` network. */
  readonly alias: string;
}

/**
 * The name or address under which a container is reached from a server.
 *
 * @throws when it runs on another server, which has no private address
 */
export function hostFrom(from: Server, { server, alias }: Reachable): string {
  if (from === server) return alias;
  if (server.privateAddress !== undefined) return server.privateAddress;
  throw new Error(`${alias} cannot be reached from another server: the one that runs it has no private address.`);
}

/**
 * The network over which a container is reached from a server.
 *
 * @throws when it runs on another server, and the one that asks has no way to others
 */
export function networkFrom(from: Place, { server, alias }: Reachable): docker.Network {
  if (from.server === server) return from.network.data;
  if (from.network.peers !== undefined) return from.network.peers;
  throw new Error(`${alias} cannot be reached on another server: the one that asks has no private address.`);
}

/** How a container is on its server's networks, and which port it publishes, when other servers ask it, too. */
export function publication(
  { server, network }: Place,
  { alias, port }: { alias: string; port: number },
): {
  networks: { network: docker.Network; aliases: string[] }[];
  ports: { internal: number; external: number; ip: string }[];
  ipAddresses: string[];
} {
  const data = { network: network.data, aliases: [alias] };
  const address = server.privateAddress;
  if (address === undefined || network.peers === undefined) return { networks: [data], ports: [], ipAddresses: [] };
  return {
    networks: [data, { network: network.peers, aliases: [] }],
    ports: [{ internal: port, external: port, ip: address }],
    ipAddresses: [address],
  };
}
