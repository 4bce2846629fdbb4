import { z } from "zod";
import { hostName } from "./network-address.ts";

const days = z.int("a whole number of days").min(1, "at least 1 day");
const renewalDays = days.max(60, "at most 60 days").default(30);

/** Where the proxy's certificate comes from. */
export const certificate = z
  .discriminatedUnion(
    "issuer",
    [
      z
        .strictObject({
          issuer: z
            .literal("local-ca")
            .default("local-ca")
            .describe("A certificate authority of the environment's own, whose root is an output of the stack."),
          validityDays: days
            .max(397, "at most 397 days, the most that browsers take")
            .default(90)
            .describe("Days that a certificate is valid. A change issues a new one: a reload."),
          renewalDays: renewalDays.describe("An update renews the certificate when no more days than this are left."),
        })
        .refine(({ validityDays, renewalDays: renewal }) => renewal < validityDays, {
          message: "fewer days than validityDays",
          path: ["renewalDays"],
        }),
      z.strictObject({
        issuer: z.literal("acme").describe("A public authority that speaks ACME, such as Let's Encrypt."),
        directory: z
          .url({ protocol: /^https$/, error: "an https address" })
          .default("https://acme-v02.api.letsencrypt.org/directory")
          .describe("The authority's directory. A change issues a new certificate."),
        email: z.email("an e-mail address").describe("Where the authority writes to when something is wrong."),
        challenge: z
          .enum(["dns-01", "http-01"], '"dns-01" or "http-01"')
          .describe(
            "How the authority is shown that the hosts are ours: a DNS record, which works behind Cloudflare too, or an answer on port 80.",
          ),
        renewalDays: renewalDays.describe(
          "The server itself renews the certificate when no more days than this are left. The proxy reloads.",
        ),
      }),
      z
        .strictObject({
          issuer: z
            .literal("origin-ca")
            .describe("Cloudflare's authority for origins: trusted by Cloudflare's edge alone, so only behind it."),
          validityDays: z
            .literal([7, 30, 90, 365, 730, 1095, 5475], "7, 30, 90, 365, 730, 1095 or 5475")
            .default(365)
            .describe("Days that a certificate is valid. A change issues a new one: a reload."),
          renewalDays: renewalDays.describe("An update renews the certificate when no more days than this are left."),
        })
        .refine(({ validityDays, renewalDays: renewal }) => renewal < validityDays, {
          message: "fewer days than validityDays",
          path: ["renewalDays"],
        }),
      z.strictObject({
        issuer: z
          .literal("given")
          .describe("A certificate that you have. Its private key is `landfall:secrets` at `certificate.privateKey`."),
        chain: z
          .string("certificates, PEM")
          .min(1, "certificates, PEM")
          .describe(
            "The certificate with its chain, PEM: the server's own first, each of the others the signer of the one before. A change is a reload.",
          ),
        warningDays: days
          .max(365, "at most 365 days")
          .default(30)
          .describe("An update warns when no more days than this are left: nobody else renews the certificate."),
        authorities: z
          .array(hostName, 'a list of names such as ["digicert.com"]')
          .default([])
          .describe("Authorities that may issue certificates for the hosts, as CAA records name them; none for any."),
      }),
    ],
    { error: '"local-ca", "acme", "origin-ca" or "given"' },
  )
  .prefault({});

/** The certificate as the settings describe it. */
export type CertificateSettings = z.infer<typeof certificate>;
/** A certificate of Cloudflare's authority for origins as the settings describe it. */
export type OriginCaSettings = Extract<CertificateSettings, { issuer: "origin-ca" }>;
/** A given certificate as the settings describe it. */
export type GivenSettings = Extract<CertificateSettings, { issuer: "given" }>;

/** Whether the authority has to reach the hosts over HTTP before it issues anything. */
export function isAskedOverHttp(settings: CertificateSettings): boolean {
  return settings.issuer === "acme" && settings.challenge === "http-01";
}
