import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { createPrivateKey, webcrypto } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createAuthority, type KeyPair } from "../../infra/certificates/authority.ts";
import { createOriginRoot } from "./origin-ca.ts";
import { pemOf } from "./pem.ts";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const validityDays = 3650;

/** The certificate authorities of the rehearsal's internet. */
export interface Authorities {
  /** Signs what the internet itself shows: the edge, Cloudflare's API, the ACME servers. */
  readonly internet: KeyPair;
  /** Root of what is issued over ACME. It vouches for the ACME server's own authority, which is new at every start. */
  readonly issuance: KeyPair;
  /** Roots of Cloudflare's Origin CA, for keys of each kind: known to its edge only. */
  readonly originRsa: KeyPair;
  readonly originEcc: KeyPair;
}

const fileNames = {
  internet: "internet",
  issuance: "issuance",
  originRsa: "origin-rsa",
  originEcc: "origin-ecc",
} as const satisfies Record<keyof Authorities, string>;

/**
 * The authorities in a folder. Makes those that are missing; their files are for the owner only.
 */
export async function openAuthorities(folder: string): Promise<Authorities> {
  return {
    internet: await open(pathOf(folder, "internet"), () =>
      createAuthority({ commonName: "Rehearsal Internet Root", validityDays }),
    ),
    issuance: await open(pathOf(folder, "issuance"), createIssuanceRoot),
    originRsa: await open(pathOf(folder, "originRsa"), () => createOriginRoot("origin-rsa")),
    originEcc: await open(pathOf(folder, "originEcc"), () => createOriginRoot("origin-ecc")),
  };
}

/** The authorities in a folder that has them. */
export function readAuthority(folder: string, name: keyof Authorities): KeyPair {
  return JSON.parse(readFileSync(pathOf(folder, name), "utf8")) as KeyPair;
}

function pathOf(folder: string, name: keyof Authorities): string {
  return join(folder, `${fileNames[name]}.json`);
}

async function open(path: string, make: () => Promise<KeyPair>): Promise<KeyPair> {
  if (!existsSync(path)) writeFileSync(path, JSON.stringify(await make()), { mode: 0o600 });
  return JSON.parse(readFileSync(path, "utf8")) as KeyPair;
}

/** A root that may sign one authority below it. */
async function createIssuanceRoot(): Promise<KeyPair> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const root = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: [{ CN: ["Rehearsal ACME Root"] }],
      ...period(),
      signingAlgorithm: algorithm,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true, 1, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  return pemOf(root, keys.privateKey);
}

/**
 * A certificate of the root for an authority that exists already: same name, same key, another issuer.
 *
 * @param certificate the authority's own certificate, PEM
 * @returns PEM
 */
export async function crossSign(root: KeyPair, certificate: string): Promise<string> {
  const subject = new x509.X509Certificate(certificate);
  const issuer = new x509.X509Certificate(root.certificate);
  const der = createPrivateKey(root.privateKey).export({ format: "der", type: "pkcs8" });
  const keyId = subject.getExtension(x509.SubjectKeyIdentifierExtension);
  const signed = await x509.X509CertificateGenerator.create(
    {
      subject: subject.subject,
      issuer: issuer.subject,
      ...period(),
      signingAlgorithm: algorithm,
      publicKey: subject.publicKey,
      signingKey: await webcrypto.subtle.importKey("pkcs8", der, algorithm, false, ["sign"]),
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        ...(keyId === null ? [] : [keyId]),
        await x509.AuthorityKeyIdentifierExtension.create(issuer, false, webcrypto),
      ],
    },
    webcrypto,
  );
  return signed.toString("pem");
}

/** From a day ago, so that no clock finds it not yet valid. */
function period(): { notBefore: Date; notAfter: Date } {
  const day = 24 * 60 * 60 * 1000;
  return { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + validityDays * day) };
}
