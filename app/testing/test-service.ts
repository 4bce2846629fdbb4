import { randomBytes, randomInt } from "node:crypto";
import pg from "pg";
import { vi } from "vitest";
import { createDatabase, redisUrl } from "../../test/services/services.ts";
import type { Configuration } from "../configuration.ts";
import { openLogger } from "../logger.ts";
import { migrateSchema } from "../schema/migrate.ts";
import { startService, type Service, type ServiceTimes } from "../service.ts";
import { openBrowser, type Browser } from "./browser.ts";

/** The service on a database of its own, with everything that it logs. */
export interface TestService {
  readonly configuration: Configuration;
  readonly service: Service;
  /** A direct connection to the service's database. */
  readonly client: pg.Client;
  /** Log lines, parsed. */
  readonly lines: readonly Record<string, unknown>[];
  /** Waits until the first operator can sign in. */
  operatorThere(): Promise<void>;
  /** A new browser with an address of its own. */
  browser(): Browser;
  /** One more instance with the same configuration, but for what is given. */
  another(changes?: Partial<Configuration>): Promise<Service>;
  close(): Promise<void>;
}

export interface TestServiceOptions {
  /** Without it the schema is there. */
  readonly withoutSchema?: boolean;
  /** Changes to the configuration that the test services give. */
  readonly configure?: (configuration: Configuration) => Configuration | Promise<Configuration>;
}

const times: Partial<ServiceTimes> = { watch: 100, drain: 0, refusal: 0 };

/** How long a test waits for a state at most; it goes on as soon as that is there. */
export const soon = { timeout: 15_000, interval: 25 } as const;

/** The first operator of a test service. */
export const operator = { username: "operator", password: "operator-password-of-tests" };

/** Starts the service on the real Postgres and Redis of the tests. */
export async function startTestService(options: TestServiceOptions = {}): Promise<TestService> {
  const database = await createDatabase();
  const client = new pg.Client(database);
  await client.connect();
  if (options.withoutSchema !== true) await migrateSchema(client, { direction: "up" });
  const configure = options.configure ?? ((unchanged: Configuration) => unchanged);
  const configuration = await configure(testConfiguration(database));
  const lines: Record<string, unknown>[] = [];
  const logger = openLogger("debug", { write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>) });
  const services: Service[] = [];
  const start = async (changes: Partial<Configuration> = {}): Promise<Service> => {
    const service = await startService({ ...configuration, ...changes }, logger, times);
    services.push(service);
    return service;
  };
  const service = await start();
  return {
    configuration,
    service,
    client,
    lines,
    async operatorThere() {
      const there = "SELECT FROM accounts.user_roles r JOIN accounts.users u ON u.id = r.user_id WHERE u.username = $1";
      await vi.waitFor(async () => {
        const found = await client.query(there, [configuration.operator.username]);
        if (found.rowCount !== 1) throw new Error("The operator is not there yet.");
      }, soon);
    },
    browser: () => openBrowser(service.server, `10.${[0, 0, 0].map(() => randomInt(256)).join(".")}`),
    another: start,
    async close() {
      await Promise.all(services.map((running) => running.stop()));
      await client.end();
      await database.drop();
    },
  };
}

function testConfiguration(address: Awaited<ReturnType<typeof createDatabase>>): Configuration {
  const redis = new URL(redisUrl());
  const { host, port, user, password, database } = address;
  return {
    environment: "test",
    release: "release-of-tests",
    configurationHash: "configuration-of-tests",
    debug: false,
    host: "127.0.0.1",
    port: 0,
    allowedHosts: ["localhost"],
    secretKey: randomBytes(32).toString("hex"),
    database: { host, port, user, password, database, poolSize: 4 },
    redis: {
      host: redis.hostname,
      port: Number(redis.port === "" ? "6379" : redis.port),
      password: decodeURIComponent(redis.password),
      database: 0,
      tls: false,
    },
    elasticsearch: undefined,
    media: undefined,
    trustedProxies: ["192.0.2.1"],
    migrationSystems: [],
    operator,
    logLevel: "debug",
    metricsEnabled: true,
  };
}
