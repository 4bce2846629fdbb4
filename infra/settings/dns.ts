import { z } from "zod";
import { hostName } from "./network-address.ts";

/** What is said of the TTL, whoever answers: the way to a cutover by DNS begins with it. */
const ttlText =
  "How long resolvers keep a record. Before a cutover lower it, and wait for as long as the old value says. A change is in place.";

const ttl = '"auto", or a whole number of seconds from 60 to 86400';
const cloudflareTtl = z.union([z.literal("auto"), z.int(ttl).min(60, ttl).max(86_400, ttl)], ttl);

// https://techdocs.akamai.com/linode-api/reference/post-domain-record: any other value is rounded to one of these.
const linodeTtls = [30, 120, 300, 3600, 7200, 14_400, 28_800, 57_600, 86_400, 172_800, 345_600, 604_800] as const;

const requests = '"none", or a whole number of requests from 5 to 10000';

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
        ttl: cloudflareTtl.default("auto").describe(`${ttlText} Cloudflare chooses for what is proxied.`),
        manageZone: z
          .boolean("true or false")
          .default(true)
          .describe(
            "Whether this stack also sets what holds for the zone as a whole: TLS strict up to the origin, TLS 1.2 at least, HTTPS always; and, for what is proxied, its cache rules and rate rules, of which a zone has one list each. HSTS is left to the origin.",
          ),
        cacheRules: z
          .boolean("true or false")
          .default(true)
          .describe(
            "Whether Cloudflare's edge keeps the hosts' static files, which have a hash in their names, and nothing else of theirs. Only for what is proxied, and with manageZone. A change is in place.",
          ),
        signInRequests: z
          .union([z.literal("none"), z.int(requests).min(5, requests).max(10_000, requests)], requests)
          .default(30)
          .describe(
            "Requests to the sign-in page within ten seconds that one address may make before Cloudflare's edge blocks it for ten seconds. Only for what is proxied, and with manageZone. A change is in place.",
          ),
      }),
      z.strictObject({
        provider: z.literal("linode").describe("Records in a domain of Linode's DNS Manager."),
        zone: hostName.describe("Name of the domain."),
        createZone: z
          .strictObject({
            email: z.email("an e-mail address").describe("Contact of the domain, in its SOA record."),
          })
          .optional()
          .describe("Makes the domain, protected. Without it, the domain is in the account already."),
        ttl: z
          .literal(linodeTtls, `one of ${linodeTtls.join(", ")}`)
          .default(3600)
          .describe(ttlText),
      }),
    ],
    { error: '"none", "cloudflare" or "linode"' },
  )
  .prefault({});

/** DNS as the settings describe it. */
export type DnsSettings = z.infer<typeof dns>;
/** DNS by Cloudflare as the settings describe it. */
export type CloudflareDnsSettings = Extract<DnsSettings, { provider: "cloudflare" }>;
/** DNS by Linode as the settings describe it. */
export type LinodeDnsSettings = Extract<DnsSettings, { provider: "linode" }>;
