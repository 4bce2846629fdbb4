import type * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import type { Upstream } from "../proxy/upstream.ts";
import type { AppSettings } from "../settings/app.ts";
import type { Settings } from "../settings/settings.ts";
import { App, appPort } from "./app.ts";
import { AppSecrets } from "./app-secrets.ts";
import { Backend } from "./backend.ts";
import type { CertificateAuthority } from "./certificate-authority.ts";
import type { Database, Place, PlacedConnection } from "./database.ts";
import { databaseEnvironment } from "./database-environment.ts";
import { PgBouncer } from "./pgbouncer.ts";
import type { Redis } from "./redis.ts";
import { redisEnvironment } from "./redis-environment.ts";
import type { ServicePart } from "./service-part.ts";

/** An app server with what the service finds there. */
export interface AppPlace extends Place {
  /** What other parts add to the service there. */
  readonly parts: readonly ServicePart[];
}

/** What the service is made from, on all app servers. */
export interface AppsArgs {
  /** The app servers. A change comes up on the first one, and only when it serves there on the others. */
  readonly places: readonly [AppPlace, ...AppPlace[]];
  readonly database: Database;
  readonly redis: Redis;
  /** Signs the certificates within the environment. */
  readonly authority: CertificateAuthority;
  /** Name of the environment as the service shows it. */
  readonly environment: string;
  /** Legacy systems that must be verified before it is ready. */
  readonly systems: readonly string[];
  readonly settings: Pick<Settings, "app" | "hosts" | "postgres" | "proxy">;
  /** What must be open before it starts anywhere. */
  readonly after: readonly pulumi.Resource[];
}

/** The service on all app servers. */
export interface Apps {
  /** Twelve hexadecimal digits over image, configuration and limits; the same on every server. */
  readonly release: string;
  /** Where its edges find it. */
  readonly upstream: Upstream;
  /** Names that `/health/ready` has to show as true. */
  readonly checks: readonly string[];
  /** What must be open before it is served. */
  readonly gates: readonly pulumi.Resource[];
  /** User name of the first operator. */
  readonly operator: string;
  /** Password of the first operator, a secret. */
  readonly operatorPassword: pulumi.Output<string>;
}

/**
 * The service on every app server: on one first, and where that serves on the others. Edges reach the container beside
 * them where there is one server, and otherwise the proxies on the app servers, which follow the release so that the
 * edges need not.
 */
export function createApps(args: AppsArgs): Apps {
  const { places, database, authority, settings } = args;
  const [first, ...others] = places;
  const secrets = new AppSecrets();
  const poolAt = ({ server, network }: AppPlace, after: readonly pulumi.Resource[]): PgBouncer =>
    new PgBouncer({ server, network, authority, database, settings: settings.postgres, after });
  const firstPool = poolAt(first, []);
  const configurationAt = (place: AppPlace): Record<string, string> => configurationOf(place, firstPool.service, args);
  const release = releaseOf(places.map(configurationAt), {
    image: first.server.image("app").reference,
    limits: settings.app.limits,
  });
  const standAt = (place: AppPlace, pool: PgBouncer, before: readonly pulumi.Resource[]): StandingApp => {
    const configuration = configurationAt(place);
    const after = [...args.after, pool.gate, ...before];
    const app = new App({
      ...place,
      pool,
      redis: args.redis,
      secrets,
      release,
      configuration,
      settings: settings.app,
      after,
    });
    if (place.server.privateAddress === undefined) return { place, app, backend: undefined, gate: app.gate };
    const backend = new Backend({ ...place, authority, app, settings: settings.proxy, after: before });
    return { place, app, backend, gate: backend.gate };
  };
  const canary = standAt(first, firstPool, []);
  const all = [canary, ...others.map((place) => standAt(place, poolAt(place, [canary.gate]), [canary.gate]))];
  return {
    release,
    upstream: upstreamOf(canary, all),
    checks: canary.app.checks,
    gates: all.map(({ gate }) => gate),
    operator: settings.app.operator,
    operatorPassword: secrets.operatorPassword,
  };
}

/** The service on one server. */
interface StandingApp {
  readonly place: AppPlace;
  readonly app: App;
  /** Through which edges on other servers ask; undefined where there is one server. */
  readonly backend: Backend | undefined;
  /** Opens when requests may come. */
  readonly gate: pulumi.Resource;
}

function upstreamOf(first: StandingApp, all: readonly StandingApp[]): Upstream {
  if (first.backend === undefined) return { kind: "container", host: first.app.host, port: appPort };
  // One that drains answers what it has been asked, and is asked nothing more.
  const asked = all.filter(({ place }) => !place.server.draining);
  const servers = asked.flatMap(({ backend }) =>
    backend === undefined ? [] : [{ address: backend.address, port: backend.port }],
  );
  return { kind: "servers", servers };
}

/** The environment variables of the service on a server, all of them known before anything is made. */
function configurationOf(
  { server, parts }: AppPlace,
  pool: PlacedConnection,
  { environment, redis, systems, settings: { app, hosts } }: AppsArgs,
): Record<string, string> {
  return {
    ENVIRONMENT: environment,
    DEBUG: "false",
    HOST: "0.0.0.0",
    PORT: String(appPort),
    ALLOWED_HOSTS: hosts.join(","),
    TRUSTED_PROXIES: "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16",
    SECRET_KEY_FILE: "/run/secrets/secret_key",
    ...databaseEnvironment("DB", pool),
    DB_POOL_SIZE: String(app.poolSize),
    ...redisEnvironment(redis, server),
    MIGRATION_SYSTEMS: systems.join(","),
    OPERATOR_USERNAME: app.operator,
    OPERATOR_PASSWORD_FILE: "/run/secrets/operator_password",
    LOG_LEVEL: app.logLevel,
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
