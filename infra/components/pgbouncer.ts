import * as pulumi from "@pulumi/pulumi";
import { pgbouncerPort, renderPgBouncer, renderUserList } from "../postgres/pgbouncer.ts";
import type { HealthGate } from "../providers/health-gate.ts";
import type { PostgresSettings } from "../settings/postgres.ts";
import { Certificate } from "./certificate.ts";
import type { CertificateAuthority } from "./certificate-authority.ts";
import { containerGate } from "./container-gate.ts";
import type { Network } from "./network.ts";
import type { DatabaseConnection, Postgres } from "./postgres.ts";
import type { Server } from "./server.ts";
import { Service } from "./service.ts";

/** Arguments of a PgBouncer. */
export interface PgBouncerArgs {
  readonly server: Server;
  readonly network: Network;
  readonly authority: CertificateAuthority;
  readonly postgres: Postgres;
  readonly settings: PostgresSettings;
}

/** PgBouncer before the database: many clients, few server connections, transaction by transaction. */
export class PgBouncer extends pulumi.ComponentResource {
  /** Through the pool, as the role of the service. */
  readonly service: DatabaseConnection;
  /** Opens when the pool answers. */
  readonly gate: HealthGate;

  constructor(args: PgBouncerArgs, options?: pulumi.ComponentResourceOptions) {
    const { server, network, authority, postgres, settings } = args;
    super("landfall:infra:PgBouncer", server.logicalName("pool"), {}, options);
    const { user, password, database } = postgres.service;
    const tls = new Certificate(
      "pgbouncer-certificate",
      { authority, dnsNames: ["pgbouncer"], ipAddresses: [], validityDays: 397, renewalDays: 60 },
      { parent: this },
    );
    const container = new Service(
      {
        server,
        noun: "pgbouncer",
        image: "pgbouncer",
        user: 998,
        networks: [{ network: network.data, aliases: ["pgbouncer"] }],
        files: {
          "pgbouncer.ini": renderPgBouncer({ database, pool: settings.pool }),
          "userlist.txt": password.apply((secret) => renderUserList({ [user]: secret })),
          "ca.crt": authority.certificate,
          "server.crt": tls.certificate,
          "server.key": tls.privateKey,
        },
        limits: { memory: "128 MiB", cpus: 1 },
        stopSeconds: 30,
      },
      { parent: this, dependsOn: [postgres.gate] },
    );
    this.gate = containerGate({ server, noun: "pgbouncer", service: container }, this);
    this.service = { ...postgres.service, host: "pgbouncer", port: pgbouncerPort };
    this.registerOutputs();
  }
}
