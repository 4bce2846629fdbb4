import { readFileSync } from "node:fs";
import { databaseAddress, redisAddress, type DatabaseAddress, type RedisAddress } from "./configuration/addresses.ts";
import { elasticsearchAddress, type ElasticsearchAddress } from "./configuration/elasticsearch.ts";
import { ConfigurationError, type Fault } from "./configuration/faults.ts";
import { mediaAddress, type BucketAddress } from "./configuration/media.ts";
import { secretReader } from "./configuration/secrets.ts";
import {
  allowedValues,
  secretVariables,
  variables,
  type SoundVariables,
  type Variables,
} from "./configuration/variables.ts";

export { ConfigurationError } from "./configuration/faults.ts";

/** Everything that the service is told from outside; checked, secrets read. */
export interface Configuration {
  readonly environment: string;
  /** Identity of the release, as the health gate compares it. */
  readonly release: string;
  readonly configurationHash: string;
  readonly debug: boolean;
  readonly host: string;
  readonly port: number;
  /** Names, in lower case, under which the service may be asked for. */
  readonly allowedHosts: readonly string[];
  readonly secretKey: string;
  /** `authority` holds certificates in PEM form; with it the connection is TLS and the server's name is verified. */
  readonly database: DatabaseAddress & { readonly authority?: string; readonly poolSize: number };
  readonly redis: RedisAddress;
  /** What is searched; the database itself where it is undefined. */
  readonly elasticsearch: ElasticsearchAddress | undefined;
  /** Where media lie; undefined where there is no object storage. */
  readonly media: BucketAddress | undefined;
  readonly trustedProxies: readonly string[];
  /** Legacy systems whose migration must be verified before the service is ready. */
  readonly migrationSystems: readonly string[];
  readonly operator: { readonly username: string; readonly password: string };
  readonly logLevel: Variables["LOG_LEVEL"];
  readonly metricsEnabled: boolean;
}

/**
 * The configuration from environment variables and the secret files that they name.
 * Reads nothing else. Throws ConfigurationError with every fault at once.
 */
export function readConfiguration(
  environment: Record<string, string | undefined>,
  read = (path: string): string => readFileSync(path, "utf8"),
): Configuration {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ""),
  );
  const parsed = variables.safeParse(given);
  const faulty = new Set(parsed.error?.issues.map((issue) => String(issue.path[0])));
  const faults = [...faulty].map((name) => variableFault(name, given[name]));
  // What is right is looked at further, so that faults of files show in the same go.
  const sound = Object.fromEntries(Object.entries(given).filter(([name]) => !faulty.has(name)));
  const values: SoundVariables = parsed.data ?? variables.partial().parse(sound);
  const secret = secretReader(values, { read, faults });
  const secretKey = secret("SECRET_KEY_FILE", 32);
  const operatorPassword = secret("OPERATOR_PASSWORD_FILE", 12);
  const authority = secret("DB_CA_FILE", 1);
  const database = databaseAddress(values, { secret, faults });
  const redis = redisAddress(values, { secret, faults });
  const elasticsearch = elasticsearchAddress(values, { secret, faults });
  const media = mediaAddress(values, { secret, faults });
  if (values.DEBUG === true && values.ENVIRONMENT === "production") {
    faults.push({ name: "DEBUG", given: '"true"', allowed: "false, because ENVIRONMENT is production" });
  }
  if (!parsed.success || faults.length > 0) throw new ConfigurationError(faults);
  const checked = parsed.data;
  return {
    environment: checked.ENVIRONMENT,
    release: checked.RELEASE,
    configurationHash: checked.CONFIGURATION_HASH,
    debug: checked.DEBUG,
    host: checked.HOST,
    port: checked.PORT,
    allowedHosts: checked.ALLOWED_HOSTS.map((host) => host.toLowerCase()),
    secretKey,
    database: { ...database, poolSize: checked.DB_POOL_SIZE, ...(authority === "" ? {} : { authority }) },
    redis,
    elasticsearch,
    media,
    trustedProxies: checked.TRUSTED_PROXIES,
    migrationSystems: checked.MIGRATION_SYSTEMS,
    operator: { username: checked.OPERATOR_USERNAME, password: operatorPassword },
    logLevel: checked.LOG_LEVEL,
    metricsEnabled: checked.METRICS_ENABLED,
  };
}

function variableFault(name: string, value: string | undefined): Fault {
  const shown = secretVariables.has(name) ? "a value that is not shown" : JSON.stringify(value);
  return { name, given: value === undefined ? "nothing" : shown, allowed: allowedValues(name) };
}
