import { z } from "zod";
import { access } from "./access.ts";
import { alerts } from "./alerts.ts";
import { app } from "./app.ts";
import { balancer } from "./balancer.ts";
import { certificate } from "./certificate.ts";
import { combinations } from "./combinations.ts";
import { dns } from "./dns.ts";
import { images } from "./images.ts";
import { migration } from "./migration.ts";
import { hostName } from "./network-address.ts";
import { policy } from "./policy.ts";
import { postgres } from "./postgres.ts";
import { privateNetwork } from "./private-network.ts";
import { proxy } from "./proxy.ts";
import { redis } from "./redis.ts";
import { search } from "./search.ts";
import { secrets } from "./secrets.ts";
import { servers } from "./servers.ts";
import { storage } from "./storage.ts";

/** Every setting by its section. */
const sections = z.strictObject({
  servers: servers.describe("The servers, each with the roles it has."),
  access: access.describe("Who reaches the servers themselves, and from where."),
  placement: z
    .enum(["flexible", "strict"], '"flexible" or "strict"')
    .default("flexible")
    .describe(
      "Whether app servers that find no host of their own are made all the same, or refused. Changes only with a new environment.",
    ),
  network: privateNetwork.describe("The network that servers have among themselves."),
  hosts: z
    .tuple([hostName], hostName, "a list of at least one host name")
    .superRefine((list, context) => {
      for (const [index, host] of list.entries()) {
        if (list.indexOf(host) === index) continue;
        context.addIssue({
          code: "custom",
          message: "a name that is not in the list before",
          path: [index],
          input: host,
        });
      }
    })
    .describe("Host names that the service answers to; a reload."),
  dns: dns.describe("Who answers for the host names."),
  balancer: balancer.describe("Linode's NodeBalancer in front of two edges or more."),
  proxy: proxy.describe("The reverse proxy."),
  certificate: certificate.describe("Where the proxy's certificate comes from."),
  postgres: postgres.describe("The database."),
  redis: redis.describe("Sessions and rate limits."),
  search: search.describe("What is asked when a person looks for something."),
  storage: storage.describe("Where files lie that are no rows."),
  app: app.describe("The service."),
  migration: migration.describe("The move of the legacy systems' data."),
  alerts: alerts.describe("What people are told of without asking."),
  images: images.describe("How images come about and reach the servers."),
  policy: policy.describe("The rules that a change must satisfy, as `npm run check` asks them."),
  secrets: secrets.describe("Secret values that the program cannot make itself."),
});

/** Every setting of an environment. One schema gives the types, the defaults, the checks and docs/settings.md. */
export const settingsSchema = sections.superRefine((settings, context) => {
  for (const { path, message, input } of combinations(settings)) {
    context.addIssue({ code: "custom", path: [...path], message, input });
  }
});

/** Every setting of an environment, checked and with defaults filled in. */
export type Settings = z.infer<typeof sections>;
