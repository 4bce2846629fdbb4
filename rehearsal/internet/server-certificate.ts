import { createHash, X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { daysLeft, issueCertificate, type KeyPair } from "../../infra/certificates/authority.ts";
import type { Cloud } from "../cloud/cloud.ts";
import { openAuthorities } from "./authorities.ts";

const validityDays = 90;
const renewalDays = 30;

/**
 * A certificate for a server of the rehearsal's internet that is not one of its own parts, such as one that keeps
 * buckets: issued by the root in `rootsFile`. The same one for the same names, until fewer than 30 days are left.
 *
 * @param dnsNames full names, of which the first is the certificate's own; a wildcard may be the first label
 */
export async function serverCertificate(cloud: Cloud, dnsNames: readonly string[]): Promise<KeyPair> {
  const authorityFolder = join(cloud.folder, "internet", "authorities");
  const folder = join(cloud.folder, "internet", "certificates");
  for (const one of [authorityFolder, folder]) mkdirSync(one, { recursive: true, mode: 0o700 });
  const { internet } = await openAuthorities(authorityFolder);
  const hash = createHash("sha256").update(dnsNames.join()).digest("hex").slice(0, 16);
  const path = join(folder, `${hash}.json`);
  const known = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as KeyPair) : undefined;
  if (known !== undefined && holds(known, internet)) return known;
  const commonName = dnsNames[0] ?? "";
  const issued = await issueCertificate(internet, { commonName, dnsNames, ipAddresses: [], validityDays });
  writeFileSync(path, JSON.stringify(issued), { mode: 0o600 });
  return issued;
}

function holds({ certificate }: KeyPair, authority: KeyPair): boolean {
  const root = new X509Certificate(authority.certificate);
  return daysLeft(certificate, Date.now()) >= renewalDays && new X509Certificate(certificate).verify(root.publicKey);
}
