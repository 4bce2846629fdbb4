import type { X509Certificate } from "@peculiar/x509";
import { createPrivateKey, webcrypto } from "node:crypto";
import type { KeyPair } from "../../infra/certificates/authority.ts";

/** A certificate with its key, both as PEM. */
export async function pemOf(certificate: X509Certificate, key: webcrypto.CryptoKey): Promise<KeyPair> {
  const der = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", key));
  const privateKey = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  return {
    certificate: certificate.toString("pem"),
    privateKey: privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
  };
}
