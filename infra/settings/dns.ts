import { z } from "zod";
import { hostName } from "./network-address.ts";

const ttl = z.union(
  [z.literal("auto"), z.int().min(60).max(86_400)],
  '"auto", or a whole number of seconds from 60 to 86400',
);

/** Who answers for the host names. */
export const dns = z
  .discriminatedUnion(
    "provider",
    [
      z.strictObject({
        provider: z.literal("none").default("none").describe("Somebody else sees to it that the host names lead here."),
      }),
      z.strictObject({
        provider: z.literal("cloudflare").describe("Records in a zone of Cloudflare's."),
        zone: hostName.describe("Name of the zone, which is in the account already."),
        proxied: z
          .boolean("true or false")
          .default(true)
          .describe(
            "Whether requests go through Cloudflare's edge, which alone is then admitted by the firewalls. A change is in place.",
          ),
        ttl: ttl
          .default("auto")
          .describe("How long resolvers keep a record. Cloudflare chooses for what is proxied. A change is in place."),
        manageZone: z
          .boolean("true or false")
          .default(true)
          .describe(
            "Whether this stack also sets what holds for the zone as a whole: TLS strict up to the origin, TLS 1.2 at least, HTTPS always.",
          ),
      }),
    ],
    { error: '"none" or "cloudflare"' },
  )
  .prefault({});

/** DNS as the settings describe it. */
export type DnsSettings = z.infer<typeof dns>;
/** DNS by Cloudflare as the settings describe it. */
export type CloudflareDnsSettings = Extract<DnsSettings, { provider: "cloudflare" }>;
