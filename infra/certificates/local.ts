import { daysLeft, issueCertificate, type CertificateRequest, type KeyPair } from "./authority.ts";

/** What a certificate of the local authority is made from. */
export interface LocalCertificateInputs extends CertificateRequest {
  readonly authorityCertificate: string;
  readonly authorityPrivateKey: string;
  /** An update renews the certificate when no more days than this are left. */
  readonly renewalDays: number;
}

/** A certificate of the local authority with what it was made from: what the state keeps. */
export type IssuedCertificate = LocalCertificateInputs & KeyPair;

/** Issues the certificate that the inputs describe. */
export async function issue(inputs: LocalCertificateInputs): Promise<IssuedCertificate> {
  const authority = { certificate: inputs.authorityCertificate, privateKey: inputs.authorityPrivateKey };
  return { ...inputs, ...(await issueCertificate(authority, inputs)) };
}

/**
 * Whether a certificate must be issued anew: something that it was made from has changed, or no more than
 * `renewalDays` are left. An input that a preview does not know yet counts as changed.
 *
 * @param now milliseconds since 1970
 */
export function needsIssue(old: IssuedCertificate, inputs: LocalCertificateInputs, now: number): boolean {
  const made = (from: LocalCertificateInputs): string => {
    const { authorityCertificate, commonName, dnsNames, ipAddresses, validityDays, usage = "server" } = from;
    return JSON.stringify([authorityCertificate, commonName, dnsNames, ipAddresses, validityDays, usage]);
  };
  return made(old) !== made(inputs) || daysLeft(old.certificate, now) <= inputs.renewalDays;
}
