import { z } from "zod";
import { limits } from "./limits.ts";
import { cidr } from "./network-address.ts";
import { duration, size } from "./units.ts";

const port = z.int("a port from 1 to 65535").min(1, "a port from 1 to 65535").max(65_535, "a port from 1 to 65535");

/** The reverse proxy: the only part that publishes ports. */
export const proxy = z
  .strictObject({
    server: z.literal("nginx", '"nginx"').default("nginx").describe("Which server it is."),
    address: z
      .union([z.ipv4(), z.ipv6()], 'an IP address such as "127.0.0.1"')
      .default("127.0.0.1")
      .describe("Address that it listens on. A change replaces the proxy: seconds of downtime."),
    httpPort: port.default(80).describe("Port for plain HTTP, which is only redirected. A change replaces the proxy."),
    httpsPort: port.default(443).describe("Port for HTTPS. A change replaces the proxy: seconds of downtime."),
    hsts: z
      .strictObject({
        maxAge: duration.default("365 days").describe("How long browsers insist on HTTPS. A change is a reload."),
        includeSubdomains: z.boolean("true or false").default(true).describe("Whether subdomains are included."),
        preload: z
          .boolean("true or false")
          .default(false)
          .describe("Whether the host may be put on browsers' preload lists. Hard to take back."),
      })
      .refine(({ maxAge, includeSubdomains, preload }) => !preload || (includeSubdomains && maxAge !== "0 seconds"), {
        message: "preload only with includeSubdomains and a maxAge above 0",
      })
      .prefault({})
      .describe("Strict-Transport-Security."),
    metricsNetworks: z
      .array(cidr)
      .default(["10.0.0.0/8"])
      .describe("Networks that may read /metrics. A change is a reload."),
    maxBody: size.default("2 MiB").describe("Largest request body. A change is a reload."),
    limits: limits("128 MiB", 1),
  })
  .refine(({ httpPort, httpsPort }) => httpPort !== httpsPort, {
    message: "a port other than httpPort",
    path: ["httpsPort"],
  })
  .prefault({});

/** The proxy as the settings describe it. */
export type ProxySettings = z.infer<typeof proxy>;
