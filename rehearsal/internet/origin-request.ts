import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { createPublicKey, type KeyObject } from "node:crypto";
import type { OriginRequest } from "./origin-ca.ts";
import { isHostname } from "./record-rules.ts";

/** What is wrong with a request for a certificate of Origin CA, as Cloudflare's API says it. */
export interface OriginFault {
  /** Name of the property as the API has it. */
  readonly property: keyof OriginRequest;
  /** Number of the error in Cloudflare's API. */
  readonly code: number;
  readonly message: string;
}

/** Days that a certificate may be asked for (@pulumi/cloudflare, `OriginCaCertificateArgs.requestedValidity`). */
export const originValidities = [7, 30, 90, 365, 730, 1095, 5475] as const;

/** Hostnames in one certificate (developers.cloudflare.com/ssl/origin-configuration/origin-ca, "Hostname and wildcard coverage"). */
const mostHostnames = 200;

const invalidRequest = 1100;

/** Everything that is wrong with a request by itself. A property that is undefined is not judged. */
export function checkOriginRequest(request: Partial<OriginRequest>): OriginFault[] {
  const { request_type: type, requested_validity: days, hostnames } = request;
  const faults: OriginFault[] = [];
  const refuse = (property: keyof OriginRequest, message: string): void => {
    faults.push({ property, code: invalidRequest, message });
  };
  if (type === "keyless-certificate") refuse("request_type", "The rehearsal does not issue for keyless servers.");
  else if (type !== undefined && !["origin-rsa", "origin-ecc"].includes(type)) {
    refuse("request_type", `"${type}" is no request type; there are origin-rsa, origin-ecc, keyless-certificate.`);
  }
  if (days !== undefined && !(originValidities as readonly number[]).includes(days)) {
    const allowed = originValidities.join(", ");
    refuse("requested_validity", `${String(days)} days cannot be asked for; there are ${allowed}.`);
  }
  if (request.csr !== undefined) {
    const problem = problemOfCsr(request.csr, type);
    if (problem !== undefined) refuse("csr", problem);
  }
  for (const message of problemsOfHostnames(hostnames)) refuse("hostnames", message);
  return faults;
}

function problemOfCsr(csr: string, type: string | undefined): string | undefined {
  if (!csr.trimStart().startsWith("-----BEGIN CERTIFICATE REQUEST-----")) {
    return "The certificate signing request must be PEM, with its lines.";
  }
  try {
    const { rawData } = new x509.Pkcs10CertificateRequest(csr).publicKey;
    const key = createPublicKey({ key: Buffer.from(rawData), format: "der", type: "spki" });
    const kind = key.asymmetricKeyType === "rsa" ? "origin-rsa" : "origin-ecc";
    if (kind === type || !["origin-rsa", "origin-ecc"].includes(type ?? "")) return problemOfKey(key);
    return `The key of the certificate signing request is of the kind ${kind}, and request_type is ${String(type)}.`;
  } catch (error) {
    return `The certificate signing request cannot be read: ${error instanceof Error ? error.message : String(error)}.`;
  }
}

function problemOfKey({ asymmetricKeyType: kind, asymmetricKeyDetails: details }: KeyObject): string | undefined {
  if (kind === "rsa") {
    const bits = details?.modulusLength ?? 0;
    return bits >= 2048 ? undefined : `An RSA key needs 2048 bits or more, and this one has ${String(bits)}.`;
  }
  const curve = details?.namedCurve ?? "";
  if (kind === "ec" && ["prime256v1", "secp384r1"].includes(curve)) return undefined;
  return `The key must be RSA, or ECDSA on P-256 or P-384, and this one is ${[kind, curve].join(" ").trim()}.`;
}

function problemsOfHostnames(hostnames: readonly string[] | undefined): string[] {
  if (hostnames === undefined) return [];
  if (hostnames.length === 0) return ["At least one hostname is needed."];
  if (hostnames.length > mostHostnames) {
    return [
      `${String(hostnames.length)} hostnames are too many for one certificate; ${String(mostHostnames)} are allowed.`,
    ];
  }
  return hostnames.flatMap((name, at) => {
    const plain = name.replace(/^\*\./, "");
    if (!isHostname(plain) || plain.endsWith(".") || !plain.includes(".") || /^[\d.]+$/.test(plain)) {
      return [`"${name}" is no hostname: a full name is needed, with a wildcard as its first label at most.`];
    }
    if (name !== name.toLowerCase()) return [`"${name}" must be written in lower case.`];
    return hostnames.indexOf(name) < at ? [`"${name}" is there twice.`] : [];
  });
}
