import { X509Certificate } from "node:crypto";
import type { Target } from "./target.ts";
import { filesFolder, type Vantage } from "./vantage.ts";

/** The certificate that a server shows. */
export interface ShownCertificate {
  /** Whether its chain leads to the rehearsal's roots and it is for the host; else why not, in OpenSSL's words. */
  readonly trusted: boolean;
  readonly verdict: string;
  readonly issuer: string;
  readonly notAfter: Date;
}

/** Looks at the certificate that a server shows for a host. */
export async function lookAtCertificate(vantage: Vantage, target: Target, host: string): Promise<ShownCertificate> {
  const { stdout, stderr } = await vantage.run([
    ...["openssl", "s_client", "-connect", `${target}:443`, "-servername", host, "-verify_hostname", host],
    ...["-CAfile", `${filesFolder}/roots.pem`, "-no-CApath", "-no-CAstore", "-showcerts"],
  ]);
  return parseShownCertificate(stdout, stderr);
}

/**
 * Reads what `openssl s_client -showcerts` prints.
 *
 * @throws when no certificate was shown
 */
export function parseShownCertificate(text: string, complaint = ""): ShownCertificate {
  const pem = /-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/s.exec(text)?.[0];
  const verdict = /Verify return code: (\d+ \(.*\))/.exec(text)?.[1];
  if (pem === undefined || verdict === undefined) {
    throw new Error(`no certificate was shown: ${complaint.trim().split("\n").at(-1) ?? ""}`);
  }
  const certificate = new X509Certificate(pem);
  return {
    trusted: verdict.startsWith("0 "),
    verdict,
    issuer: certificate.issuer.replaceAll("\n", ", "),
    notAfter: certificate.validToDate,
  };
}
