import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import { HealthGate } from "../providers/health-gate.ts";
import type { AppSettings } from "../settings/app.ts";
import { seconds } from "../settings/units.ts";
import { databaseEnvironment, databaseFiles } from "./database-environment.ts";
import { GeneratedSecret } from "./generated-secret.ts";
import type { Network } from "./network.ts";
import type { PgBouncer } from "./pgbouncer.ts";
import type { Redis } from "./redis.ts";
import { redisEnvironment, redisFiles } from "./redis-environment.ts";
import type { Server } from "./server.ts";
import { Service } from "./service.ts";

/** Arguments of an App. */
export interface AppArgs {
  readonly server: Server;
  readonly network: Network;
  readonly pool: PgBouncer;
  readonly redis: Redis;
  /** Name of the environment as the service shows it. */
  readonly environment: string;
  /** Host names that it answers to. */
  readonly hosts: readonly string[];
  /** Legacy systems that must be verified before it is ready. */
  readonly systems: readonly string[];
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
 * A release of the service behind its gate. Image, configuration and limits make its identity, and its identity is part
 * of its names: another release is another container, started and gated beside the one that serves, which goes only after
 * everything else of the update has succeeded.
 */
export class App extends pulumi.ComponentResource {
  /** Twelve hexadecimal digits over image, configuration and limits. */
  readonly release: string;
  /** Its name on the network behind the proxy. */
  readonly host: string;
  readonly service: Service;
  /** User name of the first operator. */
  readonly operator: string;
  /** Password of the first operator, a secret. */
  readonly operatorPassword: pulumi.Output<string>;
  /** Opens when the release answers as it must. */
  readonly gate: HealthGate;

  constructor(args: AppArgs, options?: pulumi.ComponentResourceOptions) {
    const { server, network, pool, redis, settings } = args;
    super("landfall:infra:App", server.logicalName("service"), {}, options);
    const operatorPassword = new GeneratedSecret("operator-password", { length: 24 }, { parent: this }).value;
    const secretKey = new GeneratedSecret("app-secret-key", { length: 64 }, { parent: this }).value;
    const configuration = {
      ENVIRONMENT: args.environment,
      DEBUG: "false",
      HOST: "0.0.0.0",
      PORT: String(appPort),
      ALLOWED_HOSTS: args.hosts.join(","),
      TRUSTED_PROXIES: "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16",
      SECRET_KEY_FILE: "/run/secrets/secret_key",
      ...databaseEnvironment("DB", pool.service),
      DB_POOL_SIZE: String(settings.poolSize),
      ...redisEnvironment(redis, server),
      MIGRATION_SYSTEMS: args.systems.join(","),
      OPERATOR_USERNAME: settings.operator,
      OPERATOR_PASSWORD_FILE: "/run/secrets/operator_password",
      LOG_LEVEL: settings.logLevel,
      METRICS_ENABLED: "true",
    };
    const configurationHash = createHash("sha256").update(JSON.stringify(configuration)).digest("hex").slice(0, 12);
    const image = server.image("app").reference;
    this.release = createHash("sha256")
      .update(JSON.stringify([image, configurationHash, settings.limits]))
      .digest("hex")
      .slice(0, 12);
    const noun = `app-${this.release}`;
    this.host = noun;
    this.service = new Service(
      {
        server,
        noun,
        image: "app",
        user: 10001,
        networks: [
          { network: network.service, aliases: [noun] },
          { network: network.data, aliases: [] },
        ],
        environment: { ...configuration, RELEASE: this.release, CONFIGURATION_HASH: configurationHash },
        files: {
          secret_key: secretKey,
          ...databaseFiles("DB", pool.service),
          ...redisFiles(redis),
          operator_password: operatorPassword,
        },
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
        release: this.release,
        checks: [...appChecks],
        passes: settings.gate.passes,
        intervalSeconds: seconds(settings.gate.interval),
        deadlineSeconds: seconds(settings.gate.deadline),
        triggers: { configuration: configurationHash },
      },
      { parent: this },
    );
    this.operator = settings.operator;
    this.operatorPassword = operatorPassword;
    this.registerOutputs({ release: this.release });
  }
}
