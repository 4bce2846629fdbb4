/** Who issues a certificate: an authority of the environment's own, or one that speaks ACME at a directory. */
export type Issuer = { readonly issuer: "local-ca" } | { readonly issuer: "acme"; readonly directory: string };

/** Names by which authorities are permitted in CAA records, by the host of their directory, as they themselves state. */
const issuerNames: Readonly<Record<string, string>> = {
  // https://letsencrypt.org/docs/caa/
  "acme-v02.api.letsencrypt.org": "letsencrypt.org",
  "acme-staging-v02.api.letsencrypt.org": "letsencrypt.org",
};

/**
 * The values of CAA records with the tag `issue` (RFC 8659, 4.2) that permit an issuer, and with that forbid every
 * other one.
 *
 * @returns none for an authority of the environment's own, which asks no one, and for a directory that is not known
 */
export function permittedIssuers(certificate: Issuer): readonly string[] {
  if (certificate.issuer === "local-ca") return [];
  const name = issuerNames[new URL(certificate.directory).hostname];
  return name === undefined ? [] : [name];
}
