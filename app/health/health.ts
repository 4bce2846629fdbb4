/** Looks at one dependency; returns only when it gave a positive answer, and throws otherwise. */
export type Check = () => Promise<void>;

/** What the service cannot do without. */
type Needed = "database" | "redis" | "migration";
/** What it can do without for a while, where it has it at all. */
const degradable = ["elasticsearch", "storage"] as const;
type Degradable = (typeof degradable)[number];
export type Dependency = Needed | Degradable;

/** Something for each dependency that the service has. */
export type PerDependency<Value> = Readonly<Record<Needed, Value> & Partial<Record<Degradable, Value>>>;

/** One dependency's state: a sentence, and how long the answer took. */
export interface DependencyHealth {
  readonly healthy: boolean;
  readonly message: string;
  readonly milliseconds: number;
}

export interface Health {
  readonly at: Date;
  /** Every dependency that it needs gave a positive answer and the service is not stopping. */
  readonly ready: boolean;
  /** Degraded: pages are served, yet the migrated data are not vouched for, or something that it can do without is away. */
  readonly state: "healthy" | "degraded" | "unhealthy";
  readonly dependencies: PerDependency<DependencyHealth>;
}

export interface HealthSource {
  /** The health now, at most a second old. Never throws. */
  current(): Promise<Health>;
  /** The health from fresh checks. */
  fresh(): Promise<Health>;
  /** Whether the service is on its way out. */
  isStopping(): boolean;
  /** From now on the service is not ready, whatever its dependencies say. */
  stop(): void;
}

const checkMilliseconds = 2_000;
const cacheMilliseconds = 1_000;

/**
 * Health from checks of each dependency. A check that has not succeeded within 2 s has failed; checks run side by side;
 * callers within a second share one run.
 */
export function healthSource(
  checks: PerDependency<Check>,
  limits: { readonly checkMilliseconds?: number; readonly cacheMilliseconds?: number } = {},
): HealthSource {
  const timeout = limits.checkMilliseconds ?? checkMilliseconds;
  const age = limits.cacheMilliseconds ?? cacheMilliseconds;
  let stopping = false;
  let running: Promise<Health["dependencies"]> | undefined;
  let last: { readonly at: number; readonly found: Health["dependencies"] } | undefined;

  const look = async (): Promise<Health["dependencies"]> => {
    const others = degradable.map(async (name) => {
      const check = checks[name];
      return check === undefined ? [] : [[name, await timed(check, timeout)] as const];
    });
    const [database, redis, migration, ...optional] = await Promise.all([
      timed(checks.database, timeout),
      timed(checks.redis, timeout),
      timed(checks.migration, timeout),
      ...others,
    ]);
    const found = { database, redis, migration, ...Object.fromEntries(optional.flat()) };
    last = { at: performance.now(), found };
    return found;
  };
  const shared = async (): Promise<Health["dependencies"]> => {
    running ??= look().finally(() => (running = undefined));
    return running;
  };
  return {
    async current() {
      if (last !== undefined && performance.now() - last.at < age) return summary(last.found, stopping);
      return summary(await shared(), stopping);
    },
    async fresh() {
      return summary(await shared(), stopping);
    },
    isStopping: () => stopping,
    stop() {
      stopping = true;
    },
  };
}

function summary(found: Health["dependencies"], stopping: boolean): Health {
  const serving = found.database.healthy && found.redis.healthy && !stopping;
  const ready = serving && found.migration.healthy;
  const whole = ready && Object.values(found).every(({ healthy }) => healthy);
  return { at: new Date(), ready, state: whole ? "healthy" : serving ? "degraded" : "unhealthy", dependencies: found };
}

async function timed(check: Check, timeout: number): Promise<DependencyHealth> {
  const started = performance.now();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new Error(`gave no answer within ${timeout.toString()} ms`));
  }, timeout);
  const since = (): number => Math.round(performance.now() - started);
  try {
    await Promise.race([check(), late.promise]);
    return { healthy: true, message: "answers", milliseconds: since() };
  } catch (error) {
    return { healthy: false, message: reason(error), milliseconds: since() };
  } finally {
    clearTimeout(timer);
  }
}

function reason(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reason(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
