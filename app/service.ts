import type { FastifyBaseLogger, FastifyInstance } from "fastify";
import { setTimeout as delay } from "node:timers/promises";
import { ensureOperator } from "./accounts/operator.ts";
import type { Configuration } from "./configuration.ts";
import { openDatabase, openPool } from "./database/database.ts";
import { deploymentRecorder } from "./deployments/deployment-log.ts";
import { dependencyChecks } from "./health/checks.ts";
import { healthSource } from "./health/health.ts";
import { openRedis } from "./redis.ts";
import { openSearch } from "./search/open-search.ts";
import { s3Storage } from "./storage/s3-storage.ts";
import { buildServer } from "./server.ts";

/** Times of the service's life, in milliseconds. */
export interface ServiceTimes {
  /** Between two looks at the dependencies. */
  readonly watch: number;
  /** From the stop until no new connection is taken; load balancers see meanwhile that the service is not ready. */
  readonly drain: number;
  /** A refused sign-in takes this long at least. */
  readonly refusal: number;
}

export interface Service {
  readonly server: FastifyInstance;
  /** Where it listens, for example `http://127.0.0.1:8000`. */
  readonly address: string;
  /** Turns unready, finishes the requests under way, and closes everything. Further calls wait for the first. */
  stop(): Promise<void>;
}

const defaults: ServiceTimes = { watch: 5_000, drain: 1_000, refusal: 500 };

/**
 * Starts the service: connects, listens, and watches its dependencies. It starts whether or not they are there, and is
 * not ready without them; once the schema is there it makes sure of the first operator.
 */
export async function startService(
  configuration: Configuration,
  logger: FastifyBaseLogger,
  times: Partial<ServiceTimes> = {},
): Promise<Service> {
  const { watch, drain, refusal } = { ...defaults, ...times };
  const pool = openPool(configuration.database, (error) => {
    logger.warn({ err: error }, "a database connection broke");
  });
  const redis = openRedis(
    configuration.redis,
    quietly((error) => {
      logger.warn({ err: error }, "no connection to Redis");
    }),
  );
  const database = openDatabase(pool);
  const search = openSearch(configuration.elasticsearch, { database, logger });
  const { migrationSystems, media } = configuration;
  const storage = media === undefined ? undefined : s3Storage(media);
  const more = { ...search.checks, ...(storage === undefined ? {} : { storage: () => storage.check() }) };
  const health = healthSource(dependencyChecks({ pool, redis, migrationSystems, more }));
  const recorder = deploymentRecorder(database, configuration);
  const parts = {
    configuration,
    database,
    redis,
    health,
    search: search.search,
    storage,
    refusalMilliseconds: refusal,
  };
  const server = await buildServer(parts, logger);

  await redis.tried;

  let operatorEnsured = false;
  const look = async (): Promise<void> => {
    const current = await health.current();
    await recorder.observe(current);
    if (operatorEnsured || !current.dependencies.database.healthy) return;
    try {
      const change = await ensureOperator(database, configuration.operator);
      operatorEnsured = true;
      if (change !== "nothing") logger.info({ username: configuration.operator.username }, `operator: ${change}`);
    } catch (error) {
      logger.debug({ err: error }, "the operator's account has to wait for the schema");
    }
  };
  const stopping = new AbortController();
  const watching = repeat(look, { milliseconds: watch, signal: stopping.signal });
  const indexing = repeat(() => search.keepCurrent(), { milliseconds: watch, signal: stopping.signal });

  const stop = async (): Promise<void> => {
    logger.info("stopping");
    health.stop();
    stopping.abort();
    await delay(drain);
    await server.close();
    await Promise.all([watching, indexing]);
    await search.close();
    storage?.close();
    await recorder.stop();
    redis.close();
    await database.destroy();
    logger.info("stopped");
  };
  try {
    const address = await server.listen({ host: configuration.host, port: configuration.port });
    logger.info({ address, release: configuration.release }, "listening");
    let stopped: Promise<void> | undefined;
    return { server, address, stop: () => (stopped ??= stop()) };
  } catch (error) {
    stopping.abort();
    redis.close();
    await database.destroy();
    throw error;
  }
}

async function repeat(
  job: () => Promise<void>,
  { milliseconds, signal }: { milliseconds: number; signal: AbortSignal },
): Promise<void> {
  while (!signal.aborted) {
    await job();
    await delay(milliseconds, undefined, { signal }).catch(() => undefined);
  }
}

/** Passes on an error once a minute while it repeats itself; reconnecting brings one every few seconds. */
function quietly(report: (error: Error) => void): (error: Error) => void {
  let last = { message: "", at: 0 };
  return (error) => {
    const now = performance.now();
    if (error.message === last.message && now - last.at < 60_000) return;
    last = { message: error.message, at: now };
    report(error);
  };
}
