import * as pulumi from "@pulumi/pulumi";
import type { HealthGate } from "../providers/health-gate.ts";
import { redisPort, renderRedis } from "../redis/configuration.ts";
import type { RedisSettings } from "../settings/redis.ts";
import { Certificate } from "./certificate.ts";
import type { CertificateAuthority } from "./certificate-authority.ts";
import { containerGate } from "./container-gate.ts";
import { hostFrom, publication } from "./database.ts";
import { DataVolume } from "./data-volume.ts";
import { GeneratedSecret } from "./generated-secret.ts";
import type { Network } from "./network.ts";
import type { Server } from "./server.ts";
import { Service } from "./service.ts";

/** Arguments of a Redis. */
export interface RedisArgs {
  readonly server: Server;
  readonly network: Network;
  /** Signs the certificates within the environment. */
  readonly authority: CertificateAuthority;
  readonly settings: RedisSettings;
}

const alias = "redis";

/**
 * Redis 8 on a protected volume, with a password, over TLS only. It publishes its port on the server's private address
 * when there are other servers, and nowhere when there is none.
 */
export class Redis extends pulumi.ComponentResource {
  readonly password: pulumi.Output<string>;
  /** Root certificate that its certificate comes from, PEM. */
  readonly rootCertificate: pulumi.Output<string>;
  /** Opens when the server answers. */
  readonly gate: HealthGate;
  private readonly server: Server;

  constructor(args: RedisArgs, options?: pulumi.ComponentResourceOptions) {
    const { server, network, authority, settings } = args;
    super("landfall:infra:Redis", server.logicalName("cache"), {}, options);
    const password = new GeneratedSecret("redis-password", { length: 40 }, { parent: this }).value;
    const { volume } = new DataVolume({ server, noun: "redis-data" }, { parent: this });
    const { networks, ports, ipAddresses } = publication({ server, network }, { alias, port: redisPort });
    const tls = new Certificate(
      "redis-certificate",
      { authority, dnsNames: [alias], ipAddresses, validityDays: 397, renewalDays: 60 },
      { parent: this },
    );
    const container = new Service(
      {
        server,
        noun: "redis",
        image: "redis",
        user: 997,
        networks,
        ports,
        files: {
          "redis.conf": password.apply((secret) => renderRedis(settings, secret)),
          "ca.crt": authority.certificate,
          "server.crt": tls.certificate,
          "server.key": tls.privateKey,
        },
        volumes: { "/var/lib/redis": volume },
        limits: settings.limits,
        stopSeconds: 30,
      },
      { parent: this },
    );
    this.server = server;
    this.password = password;
    this.rootCertificate = authority.certificate;
    this.gate = containerGate({ server, noun: "redis", service: container }, this);
    this.registerOutputs();
  }

  /** Where it is, as seen from a server. */
  address(from: Server): { readonly host: string; readonly port: number } {
    return { host: hostFrom(from, { server: this.server, alias }), port: redisPort };
  }
}
