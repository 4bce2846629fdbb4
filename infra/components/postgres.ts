import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { peerPorts } from "../firewall/peers.ts";
import { postgresArguments } from "../postgres/server.ts";
import type { HealthGate } from "../providers/health-gate.ts";
import type { PostgresSettings } from "../settings/postgres.ts";
import { Certificate } from "./certificate.ts";
import type { CertificateAuthority } from "./certificate-authority.ts";
import { containerGate } from "./container-gate.ts";
import {
  databaseName,
  hostFrom,
  networkFrom,
  ownerRole,
  publication,
  serviceRole,
  type Database,
  type Place,
  type PlacedConnection,
} from "./database.ts";
import type { DatabasePasswords } from "./database-passwords.ts";
import { DataVolume } from "./data-volume.ts";
import type { Network } from "./network.ts";
import type { Server } from "./server.ts";
import { Service } from "./service.ts";

/** Arguments of a Postgres. */
export interface PostgresArgs {
  readonly server: Server;
  readonly network: Network;
  /** Signs the certificates within the environment. */
  readonly authority: CertificateAuthority;
  readonly passwords: DatabasePasswords;
  readonly settings: PostgresSettings;
}

const user = 999;
const alias = "postgres";
const port = peerPorts.postgres;

/**
 * PostgreSQL 17 on a protected volume. It takes connections over TLS only, and publishes its port on the server's private
 * address when there are other servers, and nowhere when there is none.
 */
export class Postgres extends pulumi.ComponentResource implements Database {
  /** Opens when the server answers. */
  readonly gate: HealthGate;
  readonly gates: readonly pulumi.Resource[];
  private readonly server: Server;
  private readonly passwords: DatabasePasswords;
  private readonly rootCertificate: pulumi.Output<string>;

  constructor(args: PostgresArgs, options?: pulumi.ComponentResourceOptions) {
    const { server, network, authority, passwords, settings } = args;
    super("landfall:infra:Postgres", server.logicalName("database"), {}, options);
    const parent = { parent: this };
    const { volume } = new DataVolume({ server, noun: "postgres-data" }, parent);
    const { networks, ports, ipAddresses } = publication({ server, network }, { alias, port });
    const tls = new Certificate(
      "postgres-certificate",
      { authority, dnsNames: [alias], ipAddresses, validityDays: 397, renewalDays: 60 },
      parent,
    );
    const container = new Service(
      {
        server,
        noun: "postgres",
        image: "postgres",
        user,
        networks,
        ports,
        environment: {
          POSTGRES_DATABASE: databaseName,
          POSTGRES_OWNER: ownerRole,
          POSTGRES_OWNER_PASSWORD_FILE: "/run/secrets/owner_password",
          POSTGRES_APP: serviceRole,
          POSTGRES_APP_PASSWORD_FILE: "/run/secrets/app_password",
          POSTGRES_TLS: "required",
        },
        files: {
          owner_password: passwords.owner,
          app_password: passwords.service,
          "server.crt": tls.certificate,
          "server.key": tls.privateKey,
        },
        command: postgresArguments(settings),
        volumes: { "/var/lib/postgresql": volume },
        temporary: ["/run/postgresql"],
        limits: settings.limits,
        stopSeconds: 60,
      },
      parent,
    );
    this.gate = containerGate({ server, noun: "postgres", service: container }, this);
    this.gates = [this.gate];
    this.server = server;
    this.passwords = passwords;
    this.rootCertificate = authority.certificate;
    this.registerOutputs();
  }

  owner(from: Server): PlacedConnection {
    return { ...this.place(from), user: ownerRole, password: this.passwords.owner };
  }

  service(from: Server): PlacedConnection {
    return { ...this.place(from), user: serviceRole, password: this.passwords.service };
  }

  network(from: Place): docker.Network {
    return networkFrom(from, { server: this.server, alias });
  }

  private place(from: Server): Pick<PlacedConnection, "host" | "port" | "database" | "rootCertificate"> {
    const host = hostFrom(from, { server: this.server, alias });
    return { host, port, database: databaseName, rootCertificate: this.rootCertificate };
  }
}
