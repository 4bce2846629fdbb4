/** Who issues a certificate. */
export type Issuer =
  /** An authority of the environment's own, or Cloudflare's for origins. Neither looks at CAA records. */
  | { readonly issuer: "local-ca" | "origin-ca" }
  /** One that speaks ACME at a directory. */
  | { readonly issuer: "acme"; readonly directory: string }
  /** Somebody else's; the operator names them. */
  | { readonly issuer: "given"; readonly authorities: readonly string[] };

/** Names by which authorities are permitted in CAA records, by the host of their directory, as they themselves state. */
const issuerNames: Readonly<Record<string, string>> = {
  // https://letsencrypt.org/docs/caa/
  "acme-v02.api.letsencrypt.org": "letsencrypt.org",
  "acme-staging-v02.api.letsencrypt.org": "letsencrypt.org",
};

/**
 * The values of CAA records with the tag `issue` (RFC 8659, 4.2) that permit an issuer, and with that forbid every
 * other one. Where a zone is proxied, Cloudflare adds those of its edge's authorities by itself
 * (https://developers.cloudflare.com/ssl/edge-certificates/caa-records/).
 *
 * @returns none for an authority that asks no one, and for a directory that is not known
 */
export function permittedIssuers(certificate: Issuer): readonly string[] {
  switch (certificate.issuer) {
    case "local-ca":
    case "origin-ca":
      return [];
    case "given":
      return certificate.authorities;
    case "acme": {
      const name = issuerNames[new URL(certificate.directory).hostname];
      return name === undefined ? [] : [name];
    }
  }
}
