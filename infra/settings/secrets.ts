import { z } from "zod";

const secret = (what: string, description: string) => z.string(what).min(1, what).describe(description);

const reader = (whose: string) =>
  z
    .strictObject({ password: secret("the password", `${whose} database: password of the role that reads it.`) })
    .optional();

/** Secrets that only the operator can know, set with `pulumi config set --secret --path`. */
export const secrets = z
  .strictObject({
    learnmore: reader("LearnMore's"),
    unpuzzle: reader("Unpuzzle's"),
    openlearn: reader("OpenLearn's"),
    listcutter: reader("List Cutter's"),
    cloudflare: z
      .strictObject({
        dnsToken: secret(
          "an API token",
          "Token with which the server itself proves to the certificate authority that the zone is ours: may read the zone and edit its DNS, and nothing else.",
        ),
      })
      .optional(),
    linode: z
      .strictObject({
        dnsToken: secret(
          "an API token",
          "Token with which the server itself proves to the certificate authority that the domain is ours: may read and write domains, and nothing else.",
        ),
      })
      .optional(),
    certificate: z
      .strictObject({
        privateKey: secret("a private key, PEM", "Private key of a given certificate, PEM, without a passphrase."),
      })
      .optional(),
    alerts: z
      .strictObject({
        webhook: z
          .url({ protocol: /^https$/, error: "an https address" })
          .describe("Address that alerts are sent to, as JSON with a `text`, which Slack and others take."),
      })
      .optional(),
    registry: z.strictObject({ password: secret("the password", "Password of the registry's user.") }).optional(),
  })
  .prefault({});
