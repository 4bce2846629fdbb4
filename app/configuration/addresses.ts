import type { Fault } from "./faults.ts";
import type { SecretReader } from "./secrets.ts";
import type { SoundVariables } from "./variables.ts";

/** Where the database is and how to get in. */
export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly password: string;
  readonly database: number;
  /** Whether the connection is TLS, the server's name verified. */
  readonly tls: boolean;
  /** Certificates to trust, in PEM form; undefined for those that the system trusts. */
  readonly authority?: string;
}

interface Tools {
  readonly secret: SecretReader;
  readonly faults: Fault[];
}

const databaseParts = "DB_HOST, DB_NAME, DB_USER and DB_PASSWORD_FILE";

/**
 * The database's address from its parts (DB_…) or from DATABASE_URL.
 * Given both, the parts count and the address must agree with each of them.
 */
export function databaseAddress(values: SoundVariables, { secret, faults }: Tools): DatabaseAddress {
  const password = secret("DB_PASSWORD_FILE", 1);
  const parts = { host: values.DB_HOST, port: values.DB_PORT, database: values.DB_NAME, user: values.DB_USER };
  const url = values.DATABASE_URL;
  if (url === undefined) {
    const missing = [
      ...(parts.host === undefined ? ["DB_HOST"] : []),
      ...(parts.database === undefined ? ["DB_NAME"] : []),
      ...(parts.user === undefined ? ["DB_USER"] : []),
      ...(values.DB_PASSWORD_FILE === undefined ? ["DB_PASSWORD_FILE"] : []),
    ];
    if (missing.length > 0)
      faults.push({ name: missing.join(", "), given: "nothing", allowed: `${databaseParts}, or DATABASE_URL` });
    return {
      host: parts.host ?? "",
      port: parts.port ?? 5432,
      database: parts.database ?? "",
      user: parts.user ?? "",
      password,
    };
  }
  const fromUrl: DatabaseAddress = {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? 5432 : Number(url.port),
    database: decodeURIComponent(url.pathname.slice(1)),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
  };
  const disagreeing = [
    ...(differs(parts.host, fromUrl.host) ? ["DB_HOST"] : []),
    ...(differs(parts.port, fromUrl.port) ? ["DB_PORT"] : []),
    ...(differs(parts.database, fromUrl.database) ? ["DB_NAME"] : []),
    ...(differs(parts.user, fromUrl.user) ? ["DB_USER"] : []),
    ...(password !== "" && password !== fromUrl.password ? ["DB_PASSWORD_FILE"] : []),
  ];
  if (disagreeing.length > 0) {
    faults.push({
      name: "DATABASE_URL",
      given: `an address that disagrees with ${disagreeing.join(", ")}`,
      allowed: "one of the two, or both alike",
    });
  }
  return fromUrl;
}

/**
 * The same for Redis, from REDIS_HOST, REDIS_PORT and REDIS_PASSWORD_FILE, or REDIS_URL. With REDIS_CA_FILE the connection
 * is TLS, as it is with an address that starts with rediss.
 */
export function redisAddress(values: SoundVariables, { secret, faults }: Tools): RedisAddress {
  const password = secret("REDIS_PASSWORD_FILE", 1);
  const authority = secret("REDIS_CA_FILE", 1);
  const url = values.REDIS_URL;
  const tls = authority !== "" || url?.protocol === "rediss:";
  const encryption = { tls, ...(authority === "" ? {} : { authority }) };
  if (url === undefined) {
    const missing = [
      ...(values.REDIS_HOST === undefined ? ["REDIS_HOST"] : []),
      ...(values.REDIS_PASSWORD_FILE === undefined ? ["REDIS_PASSWORD_FILE"] : []),
    ];
    if (missing.length > 0) {
      faults.push({
        name: missing.join(", "),
        given: "nothing",
        allowed: "REDIS_HOST and REDIS_PASSWORD_FILE, or REDIS_URL",
      });
    }
    return { host: values.REDIS_HOST ?? "", port: values.REDIS_PORT ?? 6379, password, database: 0, ...encryption };
  }
  const fromUrl: RedisAddress = {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? 6379 : Number(url.port),
    password: decodeURIComponent(url.password),
    database: Number(url.pathname.slice(1)),
    ...encryption,
  };
  if (!Number.isInteger(fromUrl.database) || fromUrl.password === "") {
    faults.push({
      name: "REDIS_URL",
      given: "an address without a password or with a database that is no number",
      allowed: "redis://:password@host:port/database",
    });
  }
  const disagreeing = [
    ...(differs(values.REDIS_HOST, fromUrl.host) ? ["REDIS_HOST"] : []),
    ...(differs(values.REDIS_PORT, fromUrl.port) ? ["REDIS_PORT"] : []),
    ...(password !== "" && password !== fromUrl.password ? ["REDIS_PASSWORD_FILE"] : []),
  ];
  if (disagreeing.length > 0) {
    faults.push({
      name: "REDIS_URL",
      given: `an address that disagrees with ${disagreeing.join(", ")}`,
      allowed: "one of the two, or both alike",
    });
  }
  return fromUrl;
}

function differs<Value>(part: Value | undefined, whole: Value): boolean {
  return part !== undefined && part !== whole;
}
