import * as pulumi from "@pulumi/pulumi";
import { postgresArguments } from "../postgres/server.ts";
import type { HealthGate } from "../providers/health-gate.ts";
import type { PostgresSettings } from "../settings/postgres.ts";
import { Certificate } from "./certificate.ts";
import type { CertificateAuthority } from "./certificate-authority.ts";
import { containerGate } from "./container-gate.ts";
import { DataVolume } from "./data-volume.ts";
import { GeneratedSecret } from "./generated-secret.ts";
import type { Network } from "./network.ts";
import type { Server } from "./server.ts";
import { Service } from "./service.ts";

/** Where a database is, and as whom one connects to it. */
export interface DatabaseConnection {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: pulumi.Output<string>;
  /** Root certificate that the server's certificate must come from; undefined where the connection has no TLS. */
  readonly rootCertificate: pulumi.Output<string> | undefined;
}

/** Arguments of a Postgres. */
export interface PostgresArgs {
  readonly server: Server;
  readonly network: Network;
  /** Signs the certificates within the environment. */
  readonly authority: CertificateAuthority;
  readonly settings: PostgresSettings;
}

const user = 999;

/** PostgreSQL 17 on a protected volume. It publishes no port and takes connections over TLS only. */
export class Postgres extends pulumi.ComponentResource {
  /** Straight to the server, as the role that owns the schema. */
  readonly owner: DatabaseConnection;
  /** Straight to the server, as the role of the service, which reads and writes rows. */
  readonly service: DatabaseConnection;
  /** Opens when the server answers. */
  readonly gate: HealthGate;

  constructor({ server, network, authority, settings }: PostgresArgs, options?: pulumi.ComponentResourceOptions) {
    super("landfall:infra:Postgres", server.logicalName("database"), {}, options);
    const parent = { parent: this };
    const owner = new GeneratedSecret("postgres-owner-password", { length: 40 }, parent);
    const service = new GeneratedSecret("postgres-service-password", { length: 40 }, parent);
    const { volume } = new DataVolume({ server, noun: "postgres-data" }, parent);
    const tls = new Certificate(
      "postgres-certificate",
      { authority, dnsNames: ["postgres"], ipAddresses: [], validityDays: 397, renewalDays: 60 },
      parent,
    );
    const container = new Service(
      {
        server,
        noun: "postgres",
        image: "postgres",
        user,
        networks: [{ network: network.data, aliases: ["postgres"] }],
        environment: {
          POSTGRES_DATABASE: "landfall",
          POSTGRES_OWNER: "landfall_owner",
          POSTGRES_OWNER_PASSWORD_FILE: "/run/secrets/owner_password",
          POSTGRES_APP: "landfall_app",
          POSTGRES_APP_PASSWORD_FILE: "/run/secrets/app_password",
          POSTGRES_TLS: "required",
        },
        files: {
          owner_password: owner.value,
          app_password: service.value,
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
    const place = { host: "postgres", port: 5432, database: "landfall", rootCertificate: authority.certificate };
    this.owner = { ...place, user: "landfall_owner", password: owner.value };
    this.service = { ...place, user: "landfall_app", password: service.value };
    this.registerOutputs();
  }
}
