import { z } from "zod";

const days = z.int("a whole number of days").min(1, "at least 1 day");

/** Where the proxy's certificate comes from. */
export const certificate = z
  .strictObject({
    issuer: z
      .literal("local-ca", '"local-ca"')
      .default("local-ca")
      .describe("A certificate authority of the environment's own, whose root is an output of the stack."),
    validityDays: days
      .max(397, "at most 397 days, the most that browsers take")
      .default(90)
      .describe("Days that a certificate is valid. A change issues a new one: a reload."),
    renewalDays: days.default(30).describe("An update renews the certificate when no more days than this are left."),
  })
  .refine(({ validityDays, renewalDays }) => renewalDays < validityDays, {
    message: "fewer days than validityDays",
    path: ["renewalDays"],
  })
  .prefault({});

/** The certificate as the settings describe it. */
export type CertificateSettings = z.infer<typeof certificate>;
