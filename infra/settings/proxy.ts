import { z } from "zod";
import { limits } from "./limits.ts";
import { cidr } from "./network-address.ts";
import { duration, seconds, size } from "./units.ts";

const port = z.int("a port from 1 to 65535").min(1, "a port from 1 to 65535").max(65_535, "a port from 1 to 65535");

const countText = "a whole number from 1 to 100000";
const count = z.int(countText).min(1, countText).max(100_000, countText);

const year = seconds("365 days");

/** The servers that a proxy can be; the name is that of the image. */
export const proxyServers = ["nginx", "apache"] as const;

/** Which server a proxy is. */
export type ProxyServer = (typeof proxyServers)[number];

/** The reverse proxy: the only part that publishes ports. */
export const proxy = z
  .strictObject({
    server: z
      .enum(proxyServers, '"nginx" or "apache"')
      .default("nginx")
      .describe(
        "Which server it is. A change replaces the proxy: an edge serves nobody for 2 to 5 seconds, or for 10 more while long requests end.",
      ),
    address: z
      .union([z.ipv4(), z.ipv6()], 'an IP address such as "127.0.0.1"')
      .default("127.0.0.1")
      .describe("Address that it listens on. A change replaces the proxy: seconds of downtime."),
    httpPort: port.default(80).describe("Port for plain HTTP, which is only redirected. A change replaces the proxy."),
    httpsPort: port.default(443).describe("Port for HTTPS. A change replaces the proxy: seconds of downtime."),
    hsts: z
      .strictObject({
        maxAge: duration
          .refine((value) => seconds(value) <= 10 * year, "at most 3650 days")
          .default("365 days")
          .describe("How long browsers insist on HTTPS. A change is a reload."),
        includeSubdomains: z.boolean("true or false").default(true).describe("Whether subdomains are included."),
        preload: z
          .boolean("true or false")
          .default(false)
          .describe("Whether the host may be put on browsers' preload lists. Hard to take back."),
      })
      // https://hstspreload.org/#submission-requirements
      .refine(({ maxAge, includeSubdomains, preload }) => !preload || (includeSubdomains && seconds(maxAge) >= year), {
        message:
          "false; true only with includeSubdomains and a maxAge of at least 365 days, as browsers' lists want it",
        path: ["preload"],
      })
      .prefault({})
      .describe("Strict-Transport-Security."),
    metricsNetworks: z
      .array(cidr.refine((one) => !one.endsWith("/0"), "a network of yours: /metrics is not for the whole internet"))
      .default(["10.0.0.0/8"])
      .describe("Networks that may read /metrics. A change is a reload."),
    rateLimit: z
      .strictObject({
        perSecond: count.default(100).describe("Requests a second, for good. A change is a reload."),
        burst: count.default(200).describe("Requests at once. A change is a reload."),
      })
      .prefault({})
      .describe("What one address may ask for; more is answered with 429."),
    signInRateLimit: z
      .strictObject({
        perMinute: count.default(30).describe("Attempts a minute, for good. A change is a reload."),
        burst: count.default(20).describe("Attempts at once. A change is a reload."),
      })
      .prefault({})
      .describe("How often one address, a school's for example, may try to sign in; more is answered with 429."),
    answerTimeout: duration
      .refine((value) => seconds(value) >= 1, "at least 1 second")
      .default("60 seconds")
      .describe("Longest wait for the service's next bytes, on a WebSocket too. A change is a reload."),
    maintenance: z
      .boolean("true or false")
      .default(false)
      .describe(
        "Whether the service is read only for the time being: what might write, signing in too, is answered with 503 and when to come back. A change is a reload.",
      ),
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
