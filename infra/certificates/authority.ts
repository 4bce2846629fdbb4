import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { createPrivateKey, webcrypto } from "node:crypto";

/** A certificate and the key that belongs to it, both PEM; the key is PKCS #8. */
export interface KeyPair {
  readonly certificate: string;
  readonly privateKey: string;
}

/** What a certificate authority is to be. */
export interface AuthorityRequest {
  /** Name of the root as a browser shows it. */
  readonly commonName: string;
  readonly validityDays: number;
}

/** What a certificate is to be issued for. */
export interface CertificateRequest {
  readonly commonName: string;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly validityDays: number;
  /** What its holder is in a TLS connection; a server unless said otherwise. */
  readonly usage?: CertificateUsage;
}

/** What the holder of a certificate is in a TLS connection (RFC 5280, 4.2.1.12). */
export type CertificateUsage = "server" | "client";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const day = 24 * 60 * 60 * 1000;
// A clock that is a little behind must not find the certificate not yet valid.
const backdate = 60 * 60 * 1000;

/**
 * Makes a certificate authority: a P-256 key and its self-signed root, which may sign leaves only (path length 0).
 */
export async function createAuthority(request: AuthorityRequest): Promise<KeyPair> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const now = Date.now();
  const root = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: serialNumber(),
      name: [{ CN: [request.commonName] }],
      notBefore: new Date(now - backdate),
      notAfter: new Date(now + request.validityDays * day),
      signingAlgorithm: algorithm,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  return { certificate: root.toString("pem"), privateKey: await exportKey(keys.privateKey) };
}

/**
 * Issues a certificate for one end of a TLS connection, with a key of its own.
 *
 * @throws when the authority's key does not belong to its certificate
 */
export async function issueCertificate(authority: KeyPair, request: CertificateRequest): Promise<KeyPair> {
  const root = new x509.X509Certificate(authority.certificate);
  const signingKey = await webcrypto.subtle.importKey(
    "pkcs8",
    createPrivateKey(authority.privateKey).export({ format: "der", type: "pkcs8" }),
    algorithm,
    false,
    ["sign"],
  );
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const now = Date.now();
  const leaf = await x509.X509CertificateGenerator.create(
    {
      serialNumber: serialNumber(),
      subject: [{ CN: [request.commonName] }],
      issuer: root.subject,
      notBefore: new Date(now - backdate),
      notAfter: new Date(now + request.validityDays * day),
      signingAlgorithm: algorithm,
      publicKey: keys.publicKey,
      signingKey,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([
          request.usage === "client" ? x509.ExtendedKeyUsage.clientAuth : x509.ExtendedKeyUsage.serverAuth,
        ]),
        new x509.SubjectAlternativeNameExtension([
          ...request.dnsNames.map((value) => ({ type: "dns" as const, value })),
          ...request.ipAddresses.map((value) => ({ type: "ip" as const, value })),
        ]),
        await x509.AuthorityKeyIdentifierExtension.create(root, false, webcrypto),
      ],
    },
    webcrypto,
  );
  return { certificate: leaf.toString("pem"), privateKey: await exportKey(keys.privateKey) };
}

/** Whole days until a PEM certificate expires, at the given time in milliseconds; negative once it has. */
export function daysLeft(certificate: string, now: number): number {
  return Math.floor((new x509.X509Certificate(certificate).notAfter.getTime() - now) / day);
}

/** 128 random bits; the first is cleared, as the number must be positive (RFC 5280, 4.1.2.2). */
function serialNumber(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return Buffer.from(bytes).toString("hex");
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", key));
  return createPrivateKey({ key: der, format: "der", type: "pkcs8" })
    .export({ format: "pem", type: "pkcs8" })
    .toString();
}
