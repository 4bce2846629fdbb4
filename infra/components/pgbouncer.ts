import * as pulumi from "@pulumi/pulumi";
import { pgbouncerPort, renderPgBouncer, renderUserList } from "../postgres/pgbouncer.ts";
import type { HealthGate } from "../providers/health-gate.ts";
import type { PostgresSettings } from "../settings/postgres.ts";
import { Certificate } from "./certificate.ts";
import type { CertificateAuthority } from "./certificate-authority.ts";
import { containerGate } from "./container-gate.ts";
import type { Database, PlacedConnection } from "./database.ts";
import type { Network } from "./network.ts";
import type { Server } from "./server.ts";
import { Service } from "./service.ts";

const alias = "pgbouncer";

/** Arguments of a PgBouncer. */
export interface PgBouncerArgs {
  readonly server: Server;
  readonly network: Network;
  readonly authority: CertificateAuthority;
  readonly database: Database;
  readonly settings: PostgresSettings;
  /** What must be open before it is made, or made anew. */
  readonly after: readonly pulumi.Resource[];
}

/**
 * PgBouncer beside the service, before the database wherever that runs: many clients, few server connections,
 * transaction by transaction.
 */
export class PgBouncer extends pulumi.ComponentResource {
  /** Through the pool, as the role of the service. */
  readonly service: PlacedConnection;
  /** Opens when the pool answers. */
  readonly gate: HealthGate;

  constructor(args: PgBouncerArgs, options?: pulumi.ComponentResourceOptions) {
    const { server, network, authority, database, settings } = args;
    super("landfall:infra:PgBouncer", server.logicalName("pool"), {}, options);
    const connection = database.service(server);
    const { user, password } = connection;
    const way = database.network({ server, network });
    const tls = new Certificate(
      server.logicalName("pgbouncer-certificate"),
      { authority, dnsNames: [alias], ipAddresses: [], validityDays: 397, renewalDays: 60 },
      { parent: this },
    );
    const container = new Service(
      {
        server,
        noun: "pgbouncer",
        image: "pgbouncer",
        user: 998,
        networks: [
          { network: network.data, aliases: [alias] },
          ...(way === network.data ? [] : [{ network: way, aliases: [] }]),
        ],
        files: {
          "pgbouncer.ini": pulumi
            .all([connection.host, connection.port])
            .apply(([host, port]) => renderPgBouncer({ ...connection, host, port, pool: settings.pool })),
          "userlist.txt": password.apply((secret) => renderUserList({ [user]: secret })),
          "ca.crt": authority.certificate,
          "database-ca.crt": connection.rootCertificate ?? "",
          "server.crt": tls.certificate,
          "server.key": tls.privateKey,
        },
        limits: { memory: "128 MiB", cpus: 1 },
        stopSeconds: 30,
      },
      { parent: this, dependsOn: [...database.gates, ...args.after] },
    );
    this.gate = containerGate({ server, noun: "pgbouncer", service: container }, this);
    this.service = { ...connection, host: alias, port: pgbouncerPort, rootCertificate: authority.certificate };
    this.registerOutputs();
  }
}
