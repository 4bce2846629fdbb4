import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import type { KeyPair } from "../../infra/certificates/authority.ts";
import { issueOriginCertificate, type OriginRequest } from "./origin-ca.ts";

/** A certificate of Origin CA as Cloudflare's API has it. */
export interface OriginCertificate extends OriginRequest {
  readonly id: string;
  /** PEM. */
  readonly certificate: string;
  /** As the API writes it: `2026-01-01 00:00:00 +0000 UTC`. */
  readonly expires_on: string;
  /** Time in ISO 8601. */
  readonly revoked_at?: string;
  /** Hexadecimal, upper case, as TLS shows it. */
  readonly serial: string;
}

/** The certificates of Origin CA that the account has, kept so that they outlive the program. */
export interface OriginCertificates {
  readonly all: () => readonly OriginCertificate[];
  /** @throws when the signing request does not hold */
  readonly issue: (request: OriginRequest) => Promise<OriginCertificate>;
  /** Revokes one that there is. */
  readonly revoke: (id: string) => OriginCertificate;
}

/** Where certificates are kept. */
export interface CertificateFile {
  read(): readonly OriginCertificate[];
  write(certificates: readonly OriginCertificate[]): void;
}

/** Certificates in a file. */
export function certificateFile(path: string): CertificateFile {
  return {
    read: () => (existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as OriginCertificate[]) : []),
    write: (certificates) => {
      writeFileSync(`${path}.new`, `${JSON.stringify(certificates, undefined, 2)}\n`, { mode: 0o600 });
      renameSync(`${path}.new`, path);
    },
  };
}

/**
 * Opens the account's certificates.
 *
 * @param roots of Origin CA, by the type of the request
 */
export function openCertificates(
  file: CertificateFile,
  roots: (type: string) => KeyPair | Promise<KeyPair>,
): OriginCertificates {
  const certificates = new Map(file.read().map((one) => [one.id, one]));
  const put = (one: OriginCertificate): OriginCertificate => {
    certificates.set(one.id, one);
    file.write([...certificates.values()]);
    return one;
  };
  return {
    all: () => [...certificates.values()],
    issue: async (request) => {
      const issued = await issueOriginCertificate(await roots(request.request_type), request);
      return put({
        id: BigInt(`0x${randomBytes(20).toString("hex")}`).toString(),
        ...request,
        certificate: `${issued.toString("pem").trim()}\n`,
        expires_on: `${issued.notAfter.toISOString().slice(0, 19).replace("T", " ")} +0000 UTC`,
        serial: issued.serialNumber.toUpperCase(),
      });
    },
    revoke: (id) => {
      const known = certificates.get(id);
      if (known === undefined) throw new Error(`There is no certificate ${id}.`);
      return put({ ...known, revoked_at: new Date().toISOString() });
    },
  };
}
