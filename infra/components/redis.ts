import * as pulumi from "@pulumi/pulumi";
import type { HealthGate } from "../providers/health-gate.ts";
import { renderRedis } from "../redis/configuration.ts";
import type { RedisSettings } from "../settings/redis.ts";
import { containerGate } from "./container-gate.ts";
import { DataVolume } from "./data-volume.ts";
import { GeneratedSecret } from "./generated-secret.ts";
import type { Network } from "./network.ts";
import type { Server } from "./server.ts";
import { Service } from "./service.ts";

/** Arguments of a Redis. */
export interface RedisArgs {
  readonly server: Server;
  readonly network: Network;
  readonly settings: RedisSettings;
}

/** Redis 8 on a protected volume, with a password, publishing no port. */
export class Redis extends pulumi.ComponentResource {
  readonly host = "redis";
  readonly port = 6379;
  readonly password: pulumi.Output<string>;
  /** Opens when the server answers. */
  readonly gate: HealthGate;

  constructor({ server, network, settings }: RedisArgs, options?: pulumi.ComponentResourceOptions) {
    super("landfall:infra:Redis", server.logicalName("cache"), {}, options);
    const password = new GeneratedSecret("redis-password", { length: 40 }, { parent: this }).value;
    const { volume } = new DataVolume({ server, noun: "redis-data" }, { parent: this });
    const container = new Service(
      {
        server,
        noun: "redis",
        image: "redis",
        user: 997,
        networks: [{ network: network.data, aliases: ["redis"] }],
        files: { "redis.conf": password.apply((secret) => renderRedis(settings, secret)) },
        volumes: { "/var/lib/redis": volume },
        limits: settings.limits,
        stopSeconds: 30,
      },
      { parent: this },
    );
    this.password = password;
    this.gate = containerGate({ server, noun: "redis", service: container }, this);
    this.registerOutputs();
  }
}
