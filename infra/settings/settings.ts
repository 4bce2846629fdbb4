import { z } from "zod";
import { app } from "./app.ts";
import { certificate } from "./certificate.ts";
import { legacySystems, migration } from "./migration.ts";
import { postgres } from "./postgres.ts";
import { proxy } from "./proxy.ts";
import { redis } from "./redis.ts";
import { servers } from "./servers.ts";

const hostName = 'a host name such as "learn.example.com"';
const host = z
  .string(hostName)
  .regex(/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/, hostName);

/** Secrets that only the operator can know, set with `pulumi config set --secret --path`. */
const secrets = z
  .strictObject({
    learnmore: z
      .strictObject({
        password: z
          .string()
          .min(1, "the password")
          .describe("LearnMore's database: password of the role that reads it."),
      })
      .optional(),
  })
  .prefault({})
  .describe("Secret values that the program cannot make itself.");

/** Every setting of an environment. One schema gives the types, the defaults, the checks and docs/settings.md. */
export const settingsSchema = z
  .strictObject({
    servers: servers.describe("The servers, each with the roles it has."),
    hosts: z
      .tuple([host], host, "a list of at least one host name")
      .describe("Host names that the service answers to; a reload."),
    proxy: proxy.describe("The reverse proxy."),
    certificate: certificate.describe("Where the proxy's certificate comes from."),
    postgres: postgres.describe("The database."),
    redis: redis.describe("Sessions and rate limits."),
    app: app.describe("The service."),
    migration: migration.describe("The move of the legacy systems' data."),
    secrets,
  })
  .superRefine((settings, context) => {
    for (const system of legacySystems) {
      const source = settings.migration.sources[system];
      if (source?.kind === "server" && settings.secrets[system] === undefined) {
        context.addIssue({
          code: "custom",
          path: ["secrets", system, "password"],
          message: `a value, set by: pulumi config set --secret --path 'landfall:secrets.${system}.password'`,
          input: undefined,
        });
      }
    }
  });

/** Every setting of an environment, checked and with defaults filled in. */
export type Settings = z.infer<typeof settingsSchema>;
