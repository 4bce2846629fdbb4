import * as pulumi from "@pulumi/pulumi";
import type { HealthGate } from "../providers/health-gate.ts";
import { legacyEngines, type ServedSystem } from "../settings/migration.ts";
import { containerGate } from "./container-gate.ts";
import { DataVolume } from "./data-volume.ts";
import { GeneratedSecret } from "./generated-secret.ts";
import type { Network } from "./network.ts";
import type { DatabaseConnection } from "./database.ts";
import type { Server } from "./server.ts";
import { Service } from "./service.ts";

/** Arguments of a LegacySample. */
export interface LegacySampleArgs {
  readonly server: Server;
  readonly network: Network;
  readonly system: ServedSystem;
}

const ownerPassword = "/run/secrets/owner_password";

/** What tells the engines' containers apart. */
const engines = {
  postgresql: {
    port: 5432,
    user: 999,
    data: "/var/lib/postgresql",
    temporary: "/run/postgresql",
    environment: (system: string) => ({
      POSTGRES_DATABASE: system,
      POSTGRES_OWNER: system,
      POSTGRES_OWNER_PASSWORD_FILE: ownerPassword,
      POSTGRES_TLS: "off",
    }),
  },
  mariadb: {
    port: 3306,
    user: 995,
    data: "/var/lib/mysql",
    temporary: "/run/mysqld",
    environment: (system: string) => ({
      MARIADB_DATABASE: system,
      MARIADB_OWNER: system,
      MARIADB_OWNER_PASSWORD_FILE: ownerPassword,
    }),
  },
} as const;

/** A legacy system's own database server, as it would stand in the old place, with the sample of its data. */
export class LegacySample extends pulumi.ComponentResource {
  readonly connection: DatabaseConnection;
  /** Opens when the server answers, its data loaded. */
  readonly gate: HealthGate;

  constructor({ server, network, system }: LegacySampleArgs, options?: pulumi.ComponentResourceOptions) {
    super("landfall:infra:LegacySample", server.logicalName(`legacy-sample-${system}`), {}, options);
    const noun = `legacy-${system}`;
    const { port, user, data, temporary, environment } = engines[legacyEngines[system]];
    const password = new GeneratedSecret(`${noun}-password`, { length: 40 }, { parent: this }).value;
    const { volume } = new DataVolume({ server, noun: `${noun}-data` }, { parent: this });
    const container = new Service(
      {
        server,
        noun,
        image: `legacy-${system}`,
        user,
        networks: [{ network: network.legacy, aliases: [noun] }],
        environment: environment(system),
        files: { owner_password: password },
        volumes: { [data]: volume },
        temporary: [temporary],
        limits: { memory: "512 MiB", cpus: 1 },
        stopSeconds: 60,
      },
      { parent: this },
    );
    this.connection = {
      host: noun,
      port,
      database: system,
      user: system,
      password,
      rootCertificate: undefined,
    };
    this.gate = containerGate({ server, noun, service: container }, this);
    this.registerOutputs();
  }
}
