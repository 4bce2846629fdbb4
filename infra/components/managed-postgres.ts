import type * as docker from "@pulumi/docker";
import * as linode from "@pulumi/linode";
import * as pulumi from "@pulumi/pulumi";
import { weekDays, type ManagedPostgresSettings } from "../settings/postgres.ts";
import {
  databaseName,
  ownerRole,
  serviceRole,
  type Database,
  type DatabaseConnection,
  type Place,
} from "./database.ts";
import { DatabaseJob } from "./database-job.ts";
import type { DatabasePasswords } from "./database-passwords.ts";
import { labelLengths, linodeLabel } from "./linode-names.ts";

/** Arguments of a ManagedPostgres. */
export interface ManagedPostgresArgs {
  /** The server from which roles and database are made. */
  readonly place: Place;
  readonly region: string;
  /** Public IPv4 addresses of the servers that may connect. */
  readonly admitted: readonly pulumi.Input<string>[];
  readonly passwords: DatabasePasswords;
  readonly settings: ManagedPostgresSettings;
  /** Connections that it has to take at least. */
  readonly leastConnections: number;
}

/** Hours that Linode may take for its updates; what it gives every cluster that asks for nothing else. */
const maintenanceHours = 4;

/** PostgreSQL 17 as Linode runs it: backups, failover and updates are the vendor's. Protected. */
export class ManagedPostgres extends pulumi.ComponentResource implements Database {
  readonly gates: readonly pulumi.Resource[];
  private readonly cluster: linode.DatabasePostgresqlV2;
  private readonly passwords: DatabasePasswords;

  constructor(args: ManagedPostgresArgs, options?: pulumi.ComponentResourceOptions) {
    const { place, region, admitted, passwords, settings } = args;
    const { server } = place;
    super("landfall:infra:ManagedPostgres", "managed-database", {}, options);
    const parent = { parent: this };
    this.passwords = passwords;
    this.cluster = new linode.DatabasePostgresqlV2(
      "managed-database",
      {
        label: linodeLabel([server.prefix, "database"], labelLengths.database),
        engineId: "postgresql/17",
        region,
        type: settings.type,
        clusterSize: settings.clusterSize,
        // In one order, whatever the order of the servers: Linode gives them back as a set.
        allowLists: pulumi.all([...admitted]).apply((addresses) => addresses.map((address) => `${address}/32`).sort()),
        updates: {
          frequency: "weekly",
          dayOfWeek: weekDays.indexOf(settings.maintenance.day) + 1,
          hourOfDay: settings.maintenance.hour,
          duration: maintenanceHours,
        },
        engineConfigPgIdleInTransactionSessionTimeout: 600_000,
      },
      { parent: this, protect: true },
    );
    const { hostPrimary, port, rootUsername, rootPassword, caCert } = this.cluster;
    const job = new DatabaseJob(
      {
        server,
        noun: "database-roles",
        program: "prepare-database",
        purpose: "make the managed database's roles",
        connections: {},
        networks: [this.network(place)],
        environment: {
          POSTGRES_DATABASE: databaseName,
          POSTGRES_OWNER: ownerRole,
          POSTGRES_OWNER_PASSWORD_FILE: "/run/secrets/owner_password",
          POSTGRES_APP: serviceRole,
          POSTGRES_APP_PASSWORD_FILE: "/run/secrets/app_password",
          POSTGRES_LEAST_CONNECTIONS: String(args.leastConnections),
          ADMIN_HOST: hostPrimary,
          ADMIN_PORT: port.apply(String),
          // The provider marks it, but every cluster's administrator has the one name that Linode documents.
          ADMIN_USER: pulumi.unsecret(rootUsername),
          ADMIN_PASSWORD_FILE: "/run/secrets/admin_password",
          ADMIN_CA_FILE: "/run/secrets/admin_ca.crt",
        },
        files: {
          owner_password: passwords.owner,
          app_password: passwords.service,
          admin_password: pulumi.secret(rootPassword),
          "admin_ca.crt": caCert,
        },
        cpus: 1,
        deadlineSeconds: 300,
      },
      parent,
    );
    this.gates = [job.gate];
    this.registerOutputs({ host: hostPrimary });
  }

  owner(): DatabaseConnection {
    return { ...this.place(), user: ownerRole, password: this.passwords.owner };
  }

  service(): DatabaseConnection {
    return { ...this.place(), user: serviceRole, password: this.passwords.service };
  }

  /** It stands outside of all servers, so the way there is one that leads out. */
  network({ network }: Place): docker.Network {
    return network.peers ?? network.edge;
  }

  private place(): Pick<DatabaseConnection, "host" | "port" | "database" | "rootCertificate"> {
    const { hostPrimary: host, port, caCert } = this.cluster;
    return { host, port, database: databaseName, rootCertificate: pulumi.secret(caCert) };
  }
}
