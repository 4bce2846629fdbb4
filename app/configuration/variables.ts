import { BlockList, isIP } from "node:net";
import { z } from "zod";

/*
 * The variables of the service. A description is the "allowed" of an error message, so every schema has one.
 * A variable that is there and empty counts as missing.
 */

const text = (allowed: string) => z.string().min(1).describe(allowed);
const wholeNumber = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .refine((value) => value >= from && value <= to)
    .describe(`a whole number from ${from.toString()} to ${to.toString()}`);
const flag = z
  .enum(["true", "false", "True", "False", "1", "0"])
  .transform((value) => ["true", "True", "1"].includes(value))
  .describe("true or false");
const list = z.string().transform((value) =>
  value
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== ""),
);
const url = (protocols: readonly string[], allowed: string) =>
  z
    .string()
    .refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol))
    .transform((value) => new URL(value))
    .describe(allowed);
const secretPath = (allowed: string) => text(`the path of a file that holds ${allowed}`);

export const variables = z.object({
  ENVIRONMENT: text("the environment's name, for example local or production"),
  RELEASE: text("the identity of this release"),
  CONFIGURATION_HASH: text("the identity of this configuration"),
  DEBUG: flag.default(false),
  HOST: text("the address to listen on").default("127.0.0.1"),
  PORT: wholeNumber(1, 65535).default(8000),
  ALLOWED_HOSTS: list
    .refine((hosts) => hosts.length > 0 && hosts.every((host) => isHostName(host)))
    .describe("host names or addresses, separated by commas, without ports or wildcards"),
  SECRET_KEY_FILE: secretPath("a random key of 32 characters or more"),
  DB_HOST: text("the database server's name or address").optional(),
  DB_PORT: wholeNumber(1, 65535).optional(),
  DB_NAME: text("the database's name").optional(),
  DB_USER: text("the database user's name").optional(),
  DB_PASSWORD_FILE: secretPath("the database user's password").optional(),
  DB_CA_FILE: secretPath("the certificates to trust for the database, in PEM form").optional(),
  DATABASE_URL: url(["postgres:", "postgresql:"], "postgresql://user:password@host:port/database").optional(),
  DB_POOL_SIZE: wholeNumber(1, 100).default(10),
  REDIS_HOST: text("the Redis server's name or address").optional(),
  REDIS_PORT: wholeNumber(1, 65535).optional(),
  REDIS_PASSWORD_FILE: secretPath("the Redis password").optional(),
  REDIS_CA_FILE: secretPath("the certificates to trust for Redis, in PEM form").optional(),
  REDIS_URL: url(["redis:", "rediss:"], "redis://:password@host:port/database, or rediss:// for TLS").optional(),
  ELASTICSEARCH_URL: url(["https:", "http:"], "https://host:port").optional(),
  ELASTICSEARCH_INDEX: z
    .string()
    .regex(/^[a-z][a-z0-9_-]{0,99}$/)
    .default("landfall_content")
    .describe("1 to 100 lower-case letters, digits, hyphens and underscores, starting with a letter"),
  ELASTICSEARCH_USERNAME: text("the user's name").default("landfall"),
  ELASTICSEARCH_PASSWORD_FILE: secretPath("the password of Elasticsearch's user").optional(),
  ELASTICSEARCH_CA_FILE: secretPath("the certificates to trust for Elasticsearch, in PEM form").optional(),
  MEDIA_BUCKET: text("the name of the bucket for media").optional(),
  MEDIA_REGION: text("the region that requests are signed for").default("us-east-1"),
  MEDIA_ENDPOINT_FILE: secretPath("the address of the object storage").optional(),
  MEDIA_ACCESS_KEY_FILE: secretPath("the access key of the bucket for media").optional(),
  MEDIA_SECRET_KEY_FILE: secretPath("the secret key that belongs to it").optional(),
  MEDIA_CA_FILE: secretPath("the certificates to trust for the object storage, in PEM form").optional(),
  TRUSTED_PROXIES: list
    .refine((ranges) => ranges.every((range) => addAddressRange(new BlockList(), range)))
    .default([])
    .describe("addresses or ranges such as 10.0.0.0/8, separated by commas"),
  MIGRATION_SYSTEMS: list
    .refine((systems) => systems.every((system) => /^[a-z][a-z0-9_]*$/.test(system)))
    .default([])
    .describe("names of legacy systems, separated by commas"),
  OPERATOR_USERNAME: z
    .string()
    .regex(/^[\w.@+-]{1,150}$/)
    .describe("1 to 150 letters, digits and . @ + - _"),
  OPERATOR_PASSWORD_FILE: secretPath("the first operator's password, 12 characters or more"),
  LOG_LEVEL: z
    .enum(["fatal", "error", "warn", "info", "debug", "trace"])
    .default("info")
    .describe("fatal, error, warn, info, debug or trace"),
  METRICS_ENABLED: flag.default(true),
});

/** The variables' values, checked; files not read yet. */
export type Variables = z.infer<typeof variables>;
export type VariableName = keyof typeof variables.shape;

/** The same, where some are not given or at fault. */
export type SoundVariables = { readonly [Name in VariableName]?: Variables[Name] | undefined };

/** What a variable may be, in words. */
export function allowedValues(name: string): string {
  let schema: z.core.$ZodType | undefined = new Map(Object.entries(variables.shape)).get(name);
  while (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    const described = z.globalRegistry.get(schema)?.description;
    if (described !== undefined) return described;
    schema = schema.unwrap();
  }
  return (schema === undefined ? undefined : z.globalRegistry.get(schema)?.description) ?? "";
}

/** Variables whose value is a secret or holds one: an error never shows it. */
export const secretVariables: ReadonlySet<string> = new Set<VariableName>([
  "DATABASE_URL",
  "REDIS_URL",
  "ELASTICSEARCH_URL",
]);

/**
 * Adds an address or a range in CIDR form to a list of addresses.
 * Returns false, adding nothing, when the text is neither.
 */
export function addAddressRange(addresses: BlockList, range: string): boolean {
  const [address = "", bits, ...rest] = range.split("/");
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  const family = version === 4 ? "ipv4" : "ipv6";
  const longest = version === 4 ? 32 : 128;
  if (bits === undefined) {
    addresses.addAddress(address, family);
    return true;
  }
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > longest) return false;
  addresses.addSubnet(address, Number(bits), family);
  return true;
}

function isHostName(host: string): boolean {
  return isIP(host) !== 0 || /^(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*$/i.test(host);
}
