import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { createPrivateKey, webcrypto, X509Certificate } from "node:crypto";

/** What a certificate is to be asked for, of an authority that has no part in making its key. */
export interface SigningRequestInputs {
  /** Host names that the certificate is to be for; the first names it. */
  readonly hosts: readonly string[];
  /** Days that the certificate is to be valid. */
  readonly validityDays: number;
  /** An update makes another request when a certificate that was issued for this one has no more days left. */
  readonly renewalDays: number;
}

/** A signing request with its key: what the state keeps. */
export type SigningRequest = SigningRequestInputs & {
  /** The request, PEM (PKCS #10, RFC 2986). */
  readonly csr: string;
  /** The key, PEM (PKCS #8). */
  readonly privateKey: string;
  /** When it was made, ISO 8601, UTC. */
  readonly madeAt: string;
};

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const day = 24 * 60 * 60 * 1000;

/**
 * Makes a P-256 key and the request for a certificate with it.
 *
 * @param now milliseconds since 1970
 */
export async function createSigningRequest(inputs: SigningRequestInputs, now: number): Promise<SigningRequest> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const request = await x509.Pkcs10CertificateRequestGenerator.create(
    {
      name: [{ CN: [inputs.hosts[0] ?? ""] }],
      keys,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.SubjectAlternativeNameExtension(inputs.hosts.map((value) => ({ type: "dns" as const, value }))),
      ],
    },
    webcrypto,
  );
  const der = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey));
  const privateKey = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  return {
    ...inputs,
    csr: `${request.toString("pem").trim()}\n`,
    privateKey: privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
    madeAt: new Date(now).toISOString(),
  };
}

/**
 * Whether another request must be made: for other hosts or another validity, or because a certificate that was issued
 * at once for the old one has no more than `renewalDays` left. An input that a preview does not know yet counts as
 * changed.
 *
 * @param now milliseconds since 1970
 */
export function needsSigningRequest(old: SigningRequest, inputs: SigningRequestInputs, now: number): boolean {
  const made = ({ hosts, validityDays }: SigningRequestInputs): string => JSON.stringify([hosts, validityDays]);
  const daysLeft = Math.floor((Date.parse(old.madeAt) + inputs.validityDays * day - now) / day);
  return made(old) !== made(inputs) || daysLeft <= inputs.renewalDays;
}

/**
 * A certificate, once it is known that a key is its own.
 *
 * @throws when it is not, as between two updates the first of which was broken off
 */
export function withOwnKey(certificate: string, privateKey: string): string {
  if (new X509Certificate(certificate).checkPrivateKey(createPrivateKey(privateKey))) return certificate;
  throw new Error(
    "The certificate was issued for another key than the stack has now; what the proxy has stays. " +
      "Run the same update again without --target: it asks for a certificate with the key.",
  );
}
