import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { createPrivateKey, randomBytes, webcrypto } from "node:crypto";
import type { KeyPair } from "../../infra/certificates/authority.ts";
import { pemOf } from "./pem.ts";

const rsa = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } as const;
const ecdsa = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const day = 24 * 60 * 60 * 1000;

/** Signature types of Origin CA that the rehearsal issues, by Cloudflare's names for them. */
export type OriginRequestType = "origin-rsa" | "origin-ecc";

/** What a certificate of Origin CA is asked for with. */
export interface OriginRequest {
  /** Certificate signing request, PEM. */
  readonly csr: string;
  readonly hostnames: readonly string[];
  readonly request_type: string;
  /** Days. */
  readonly requested_validity: number;
}

/** A root of Origin CA: browsers do not know it, Cloudflare's edge does. One for each kind of key. */
export async function createOriginRoot(type: OriginRequestType): Promise<KeyPair> {
  const keys =
    type === "origin-rsa"
      ? await webcrypto.subtle.generateKey(
          { ...rsa, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
          true,
          ["sign", "verify"],
        )
      : await webcrypto.subtle.generateKey(ecdsa, true, ["sign", "verify"]);
  const kind = type === "origin-rsa" ? "" : "ECC ";
  const root = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: [{ O: ["CloudFlare, Inc."] }, { OU: [`Rehearsal CloudFlare Origin SSL ${kind}Certificate Authority`] }],
      notBefore: new Date(Date.now() - day),
      notAfter: new Date(Date.now() + 5500 * day),
      signingAlgorithm: type === "origin-rsa" ? rsa : ecdsa,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true, 2, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  return pemOf(root, keys.privateKey);
}

/**
 * Issues a certificate for the key of a signing request, for the hostnames that were asked for beside it: what the
 * request itself says about names is left out, as Cloudflare does.
 *
 * @param root of the request's type
 * @throws when the signing request is none, or not signed by its own key
 */
export async function issueOriginCertificate(root: KeyPair, request: OriginRequest): Promise<x509.X509Certificate> {
  const csr = new x509.Pkcs10CertificateRequest(request.csr);
  if (!(await csr.verify(webcrypto))) throw new Error("the signature of the certificate request is not its key's");
  const issuer = new x509.X509Certificate(root.certificate);
  const algorithm = request.request_type === "origin-rsa" ? rsa : ecdsa;
  const der = createPrivateKey(root.privateKey).export({ format: "der", type: "pkcs8" });
  const now = Date.now();
  return x509.X509CertificateGenerator.create(
    {
      serialNumber: Buffer.from([0x40, ...randomBytes(19)]).toString("hex"),
      subject: [
        { O: ["CloudFlare, Inc."] },
        { OU: ["CloudFlare Origin CA"] },
        { CN: ["CloudFlare Origin Certificate"] },
      ],
      issuer: issuer.subject,
      notBefore: new Date(now - 60 * 60 * 1000),
      notAfter: new Date(now + request.requested_validity * day),
      signingAlgorithm: algorithm,
      publicKey: csr.publicKey,
      signingKey: await webcrypto.subtle.importKey("pkcs8", der, algorithm, false, ["sign"]),
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth, x509.ExtendedKeyUsage.serverAuth]),
        await x509.SubjectKeyIdentifierExtension.create(csr.publicKey, false, webcrypto),
        await x509.AuthorityKeyIdentifierExtension.create(issuer, false, webcrypto),
        new x509.SubjectAlternativeNameExtension(request.hostnames.map((value) => ({ type: "dns" as const, value }))),
      ],
    },
    webcrypto,
  );
}
