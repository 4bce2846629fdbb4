import { expect, test } from "vitest";
import { ConfigurationError, readConfiguration } from "./configuration.ts";

const files: Record<string, string> = {
  "/run/secrets/key": `${"k".repeat(40)}\n`,
  "/run/secrets/database": "database-password\n",
  "/run/secrets/redis": "redis-password",
  "/run/secrets/operator": "operator-password",
  "/run/secrets/short": "tiny\n",
  "/run/secrets/ca": "a root\n",
};
const read = (path: string): string => {
  const content = files[path];
  if (content === undefined) throw Object.assign(new Error("no such file"), { code: "ENOENT" });
  return content;
};
const good = {
  ENVIRONMENT: "local",
  RELEASE: "r1",
  CONFIGURATION_HASH: "c1",
  ALLOWED_HOSTS: "localhost, Example.org",
  SECRET_KEY_FILE: "/run/secrets/key",
  DB_HOST: "pgbouncer",
  DB_PORT: "6432",
  DB_NAME: "landfall",
  DB_USER: "landfall_app",
  DB_PASSWORD_FILE: "/run/secrets/database",
  REDIS_HOST: "redis",
  REDIS_PASSWORD_FILE: "/run/secrets/redis",
  OPERATOR_USERNAME: "operator",
  OPERATOR_PASSWORD_FILE: "/run/secrets/operator",
};

function faults(environment: Record<string, string | undefined>): string[] {
  try {
    readConfiguration(environment, read);
  } catch (error) {
    if (error instanceof ConfigurationError)
      return error.faults.map(({ name, given, allowed }) => `${name}: ${given}: ${allowed}`);
    throw error;
  }
  return [];
}

test("a good configuration is read with its secrets, defaults and lists", () => {
  expect(
    readConfiguration({ ...good, TRUSTED_PROXIES: "10.0.0.0/8,::1", MIGRATION_SYSTEMS: "learnmore" }, read),
  ).toEqual({
    environment: "local",
    release: "r1",
    configurationHash: "c1",
    debug: false,
    host: "127.0.0.1",
    port: 8000,
    allowedHosts: ["localhost", "example.org"],
    secretKey: "k".repeat(40),
    database: {
      host: "pgbouncer",
      port: 6432,
      database: "landfall",
      user: "landfall_app",
      password: "database-password",
      poolSize: 10,
    },
    redis: { host: "redis", port: 6379, password: "redis-password", database: 0, tls: false },
    trustedProxies: ["10.0.0.0/8", "::1"],
    migrationSystems: ["learnmore"],
    operator: { username: "operator", password: "operator-password" },
    logLevel: "info",
    metricsEnabled: true,
  });
});

test("every fault is reported at once, those of files included", () => {
  const found = faults({
    ...good,
    RELEASE: "",
    PORT: "eighty",
    ALLOWED_HOSTS: "*",
    TRUSTED_PROXIES: "10.0.0.0/99",
    LOG_LEVEL: "loud",
    SECRET_KEY_FILE: "/run/secrets/short",
    DB_PASSWORD_FILE: "/run/secrets/missing",
  });
  expect(found).toEqual([
    "RELEASE: nothing: the identity of this release",
    'PORT: "eighty": a whole number from 1 to 65535',
    'ALLOWED_HOSTS: "*": host names or addresses, separated by commas, without ports or wildcards',
    'TRUSTED_PROXIES: "10.0.0.0/99": addresses or ranges such as 10.0.0.0/8, separated by commas',
    'LOG_LEVEL: "loud": fatal, error, warn, info, debug or trace',
    "SECRET_KEY_FILE: a file with 4 characters: the path of a file that holds a random key of 32 characters or more",
    'DB_PASSWORD_FILE: "/run/secrets/missing", which cannot be read (ENOENT): the path of a file that holds the database user\'s password',
  ]);
});

test("no fault shows a secret", () => {
  const found = faults({
    ...good,
    DATABASE_URL: "mysql://u:hunter2@h/d",
    REDIS_URL: "http://:hunter2@h",
    SECRET_KEY_FILE: "/run/secrets/short",
  });
  expect(found).toHaveLength(3);
  expect(found.join()).not.toMatch(/hunter2|tiny/);
});

test("the database's address may come in one piece, and must not disagree with its parts", () => {
  const { DB_HOST: _host, DB_PORT: _port, DB_NAME: _name, DB_USER: _user, DB_PASSWORD_FILE: _file, ...rest } = good;
  const address = "postgresql://landfall_app:p%40ss@db.internal/landfall";
  expect(readConfiguration({ ...rest, DATABASE_URL: address }, read).database).toMatchObject({
    host: "db.internal",
    port: 5432,
    password: "p@ss",
  });
  expect(faults({ ...good, DATABASE_URL: address })).toEqual([
    "DATABASE_URL: an address that disagrees with DB_HOST, DB_PORT, DB_PASSWORD_FILE: one of the two, or both alike",
  ]);
  expect(faults(rest)).toEqual([
    "DB_HOST, DB_NAME, DB_USER, DB_PASSWORD_FILE: nothing: DB_HOST, DB_NAME, DB_USER and DB_PASSWORD_FILE, or DATABASE_URL",
  ]);
});

test("debugging is refused in production", () => {
  expect(faults({ ...good, ENVIRONMENT: "production", DEBUG: "true" })).toEqual([
    'DEBUG: "true": false, because ENVIRONMENT is production',
  ]);
});

test("Redis is reached over TLS with an authority to trust, and at an address that says so", () => {
  const redis = (more: Record<string, string>) => readConfiguration({ ...good, ...more }, read).redis;
  expect(redis({ REDIS_CA_FILE: "/run/secrets/ca" })).toMatchObject({ tls: true, authority: "a root" });
  const address = "rediss://:redis-password@redis:6379/0";
  expect(redis({ REDIS_URL: address })).toMatchObject({ host: "redis", tls: true });
  expect(redis({ REDIS_URL: address.replace("rediss", "redis") })).toMatchObject({ tls: false });
});

test("Elasticsearch has an index and a user unless others are named, and its password goes over TLS alone", () => {
  const given = { ...good, ELASTICSEARCH_PASSWORD_FILE: "/run/secrets/redis" };
  expect(readConfiguration({ ...given, ELASTICSEARCH_URL: "https://10.77.0.51:9200" }, read).elasticsearch).toEqual({
    url: "https://10.77.0.51:9200",
    index: "landfall_content",
    username: "landfall",
    password: "redis-password",
  });
  expect(readConfiguration(given, read).elasticsearch).toBeUndefined();
  expect(readConfiguration({ ...given, ELASTICSEARCH_URL: "http://127.0.0.1:9200" }, read).elasticsearch?.url).toBe(
    "http://127.0.0.1:9200",
  );
  expect(faults({ ...good, ELASTICSEARCH_URL: "http://10.77.0.51:9200" })).toEqual([
    "ELASTICSEARCH_PASSWORD_FILE: nothing: the path of a file that holds the password, as ELASTICSEARCH_URL is given",
    'ELASTICSEARCH_URL: "http://10.77.0.51:9200": https, or http on loopback',
  ]);
});

test("a bucket for media needs its address and both halves of its key", () => {
  const address = (path: string): string =>
    path === "/run/secrets/endpoint" ? "https://eu-central-1.linodeobjects.com\n" : read(path);
  const keys = { MEDIA_ACCESS_KEY_FILE: "/run/secrets/redis", MEDIA_SECRET_KEY_FILE: "/run/secrets/operator" };
  const whole = { ...good, MEDIA_BUCKET: "media", MEDIA_ENDPOINT_FILE: "/run/secrets/endpoint", ...keys };
  expect(readConfiguration(whole, address).media).toEqual({
    endpoint: "https://eu-central-1.linodeobjects.com",
    bucket: "media",
    region: "us-east-1",
    accessKey: "redis-password",
    secretKey: "operator-password",
  });
  expect(faults({ ...good, MEDIA_BUCKET: "media", MEDIA_ENDPOINT_FILE: "/run/secrets/redis" })).toEqual([
    "MEDIA_ACCESS_KEY_FILE, MEDIA_SECRET_KEY_FILE: nothing: MEDIA_ENDPOINT_FILE, MEDIA_ACCESS_KEY_FILE, MEDIA_SECRET_KEY_FILE, as MEDIA_BUCKET is given",
    'MEDIA_ENDPOINT_FILE: a file with something else: the path of a file that holds an address such as "https://eu-central-1.linodeobjects.com"',
  ]);
});
