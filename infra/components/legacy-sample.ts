import * as pulumi from "@pulumi/pulumi";
import type { HealthGate } from "../providers/health-gate.ts";
import type { LegacySystem } from "../settings/migration.ts";
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
  readonly system: LegacySystem;
}

/** A legacy system's own database server, as it would stand in the old place, with the sample of its data. */
export class LegacySample extends pulumi.ComponentResource {
  readonly connection: DatabaseConnection;
  /** Opens when the server answers, its data loaded. */
  readonly gate: HealthGate;

  constructor({ server, network, system }: LegacySampleArgs, options?: pulumi.ComponentResourceOptions) {
    super("landfall:infra:LegacySample", server.logicalName(`legacy-sample-${system}`), {}, options);
    const noun = `legacy-${system}`;
    const password = new GeneratedSecret(`${noun}-password`, { length: 40 }, { parent: this }).value;
    const { volume } = new DataVolume({ server, noun: `${noun}-data` }, { parent: this });
    const container = new Service(
      {
        server,
        noun,
        image: `legacy-${system}`,
        user: 999,
        networks: [{ network: network.legacy, aliases: [noun] }],
        environment: {
          POSTGRES_DATABASE: system,
          POSTGRES_OWNER: system,
          POSTGRES_OWNER_PASSWORD_FILE: "/run/secrets/owner_password",
          POSTGRES_TLS: "off",
        },
        files: { owner_password: password },
        volumes: { "/var/lib/postgresql": volume },
        temporary: ["/run/postgresql"],
        limits: { memory: "512 MiB", cpus: 1 },
        stopSeconds: 60,
      },
      { parent: this },
    );
    this.connection = {
      host: noun,
      port: 5432,
      database: system,
      user: system,
      password,
      rootCertificate: undefined,
    };
    this.gate = containerGate({ server, noun, service: container }, this);
    this.registerOutputs();
  }
}
