import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import { HealthGate } from "../providers/health-gate.ts";
import type { AppSettings } from "../settings/app.ts";
import { seconds } from "../settings/units.ts";
import type { AppSecrets } from "./app-secrets.ts";
import { databaseFiles } from "./database-environment.ts";
import type { Network } from "./network.ts";
import type { PgBouncer } from "./pgbouncer.ts";
import type { Redis } from "./redis.ts";
import { redisFiles } from "./redis-environment.ts";
import type { Server } from "./server.ts";
import { Service } from "./service.ts";
import type { ServicePart } from "./service-part.ts";

/** Arguments of an App. */
export interface AppArgs {
  readonly server: Server;
  readonly network: Network;
  readonly pool: PgBouncer;
  readonly redis: Redis;
  readonly secrets: AppSecrets;
  /** What other parts add to it. */
  readonly parts: readonly ServicePart[];
  /** Name of the release, twelve hexadecimal digits. */
  readonly release: string;
  /** Its environment variables. */
  readonly configuration: Readonly<Record<string, string>>;
  readonly settings: AppSettings;
  /**
   * What must be open before it starts. It is no option of the component: the protected resources in it would depend on
   * it too, and a destroy that keeps these would keep all of that running.
   */
  readonly after: readonly pulumi.Resource[];
}

/** Port that the service listens on, on the network behind the proxy. */
export const appPort = 8000;
/** Dependencies that must be true before a release gets requests. */
export const appChecks = ["database", "redis", "migration"] as const;

/**
 * A release of the service on a server, behind its gate. The release is part of its names: another one is another
 * container, started and gated beside the one that serves, which goes only after everything else of the update has
 * succeeded.
 */
export class App extends pulumi.ComponentResource {
  /** Name of the release. */
  readonly release: string;
  /** Its name on the network behind the server's proxy. */
  readonly host: string;
  readonly service: Service;
  /** Names that `/health/ready` has to show as true before the release gets requests. */
  readonly checks: readonly string[];
  /** Opens when the release answers as it must. */
  readonly gate: HealthGate;

  constructor(args: AppArgs, options?: pulumi.ComponentResourceOptions) {
    const { server, network, pool, redis, secrets, parts, release, configuration, settings } = args;
    super("landfall:infra:App", server.logicalName("service"), {}, options);
    this.release = release;
    this.checks = [...appChecks, ...parts.flatMap(({ checks }) => checks)];
    const configurationHash = createHash("sha256").update(JSON.stringify(configuration)).digest("hex").slice(0, 12);
    const noun = `app-${release}`;
    this.host = noun;
    const way = network.peers ?? (parts.some(({ leadsOut }) => leadsOut) ? network.edge : undefined);
    this.service = new Service(
      {
        server,
        noun,
        image: "app",
        user: 10001,
        networks: [
          { network: network.service, aliases: [noun] },
          { network: network.data, aliases: [] },
          ...(way === undefined ? [] : [{ network: way, aliases: [] }]),
        ],
        environment: { ...configuration, RELEASE: release, CONFIGURATION_HASH: configurationHash },
        files: {
          secret_key: secrets.secretKey,
          ...databaseFiles("DB", pool.service),
          ...redisFiles(redis),
          operator_password: secrets.operatorPassword,
          ...Object.fromEntries(parts.flatMap(({ files }) => Object.entries(files))),
        },
        hostFiles: Object.fromEntries(parts.flatMap(({ hostFiles }) => Object.entries(hostFiles))),
        limits: settings.limits,
        stopSeconds: 30,
      },
      { parent: this, dependsOn: [...args.after] },
    );
    this.gate = new HealthGate(
      server.logicalName(`${noun}-healthy`),
      {
        engine: server.engine,
        container: this.service.containerId,
        image: this.service.imageId,
        probe: { kind: "inside", url: `http://127.0.0.1:${String(appPort)}/health/ready` },
        release,
        checks: [...this.checks],
        passes: settings.gate.passes,
        intervalSeconds: seconds(settings.gate.interval),
        deadlineSeconds: seconds(settings.gate.deadline),
        triggers: { configuration: configurationHash },
      },
      { parent: this },
    );
    this.registerOutputs({ release });
  }
}
