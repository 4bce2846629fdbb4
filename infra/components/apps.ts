import type * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import type { AppSettings } from "../settings/app.ts";
import { App, appPort } from "./app.ts";
import { AppSecrets } from "./app-secrets.ts";
import { databaseEnvironment } from "./database-environment.ts";
import type { Network } from "./network.ts";
import type { PgBouncer } from "./pgbouncer.ts";
import type { Redis } from "./redis.ts";
import { redisEnvironment } from "./redis-environment.ts";
import type { Server } from "./server.ts";
import type { ServicePart } from "./service-part.ts";

/** An app server with what the service finds there. */
export interface AppPlace {
  readonly server: Server;
  readonly network: Network;
  readonly pool: PgBouncer;
  /** What other parts add to the service there. */
  readonly parts: readonly ServicePart[];
}

/** What the service is made from, on all app servers. */
export interface AppsArgs {
  /** The app servers; a new release comes up on the first one, and only then on the others. */
  readonly places: readonly [AppPlace, ...AppPlace[]];
  readonly redis: Redis;
  /** Name of the environment as the service shows it. */
  readonly environment: string;
  /** Host names that it answers to. */
  readonly hosts: readonly string[];
  /** Legacy systems that must be verified before it is ready. */
  readonly systems: readonly string[];
  readonly settings: AppSettings;
  /** What must be open before it starts anywhere. */
  readonly after: readonly pulumi.Resource[];
}

/** The service on all app servers. */
export interface Apps {
  /** Twelve hexadecimal digits over image, configuration and limits; the same on every server. */
  readonly release: string;
  /** In the order of the places. */
  readonly apps: readonly [App, ...App[]];
  /** User name of the first operator. */
  readonly operator: string;
  /** Password of the first operator, a secret. */
  readonly operatorPassword: pulumi.Output<string>;
}

/** A release of the service on every app server: on one first, which has to be ready before the others begin. */
export function createApps(args: AppsArgs): Apps {
  const { places, settings, after } = args;
  const secrets = new AppSecrets();
  const [first, ...others] = places;
  const configurations = places.map((place) => configurationOf(place, args));
  const release = releaseOf(configurations, { image: first.server.image("app").reference, limits: settings.limits });
  const make = (place: AppPlace, gates: readonly pulumi.Resource[]): App =>
    new App({
      ...place,
      redis: args.redis,
      secrets,
      release,
      configuration: configurationOf(place, args),
      settings,
      after: [...after, place.pool.gate, ...gates],
    });
  const canary = make(first, []);
  const { operatorPassword } = secrets;
  return {
    release,
    apps: [canary, ...others.map((place) => make(place, [canary.gate]))],
    operator: settings.operator,
    operatorPassword,
  };
}

/** The environment variables of the service on a server, all of them known before anything is made. */
function configurationOf({ server, pool, parts }: AppPlace, args: AppsArgs): Record<string, string> {
  const { redis, settings } = args;
  return {
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
    ...Object.fromEntries(parts.flatMap(({ environment }) => Object.entries(environment))),
  };
}

/** A release is one on all servers, though what stands beside it is reached by other names on one than on another. */
function releaseOf(
  configurations: readonly Readonly<Record<string, string>>[],
  { image, limits }: { image: string; limits: AppSettings["limits"] },
): string {
  const different = [...new Set(configurations.map((one) => JSON.stringify(one)))].sort();
  return createHash("sha256")
    .update(JSON.stringify([image, different, limits]))
    .digest("hex")
    .slice(0, 12);
}
