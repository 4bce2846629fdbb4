import { createPrivateKey, type KeyObject, type X509Certificate } from "node:crypto";
import { readChain, wrongOrder } from "./chain.ts";

/** A certificate that somebody else has had issued. */
export interface GivenCertificate {
  /** The certificate with its chain, PEM, the server's own first. */
  readonly chain: string;
  /** The key that belongs to it, PEM; undefined when it was not given, which is not looked at here. */
  readonly privateKey: string | undefined;
  /** Host names that it has to cover. */
  readonly hosts: readonly string[];
}

/** One thing that is wrong with a given certificate. */
export interface GivenFault {
  readonly of: "chain" | "privateKey";
  /** What is allowed, and why the given one is not. */
  readonly message: string;
}

/**
 * Everything that is wrong with a given certificate; none when a proxy can show it to clients.
 *
 * @param now milliseconds since 1970
 */
export function givenFaults({ chain, privateKey, hosts }: GivenCertificate, now: number): GivenFault[] {
  const certificates = parsed(() => readChain(chain)) ?? [];
  const [leaf] = certificates;
  const faults: GivenFault[] = [];
  if (leaf === undefined) {
    faults.push({ of: "chain", message: "certificates, PEM, each from BEGIN CERTIFICATE to END CERTIFICATE" });
  } else {
    for (const message of chainFaults(leaf, certificates, { hosts, now })) faults.push({ of: "chain", message });
  }
  if (privateKey === undefined) return faults;
  const key = parsed(() => createPrivateKey(privateKey));
  if (key === undefined) {
    faults.push({ of: "privateKey", message: "a private key, PEM, without a passphrase" });
  } else if (leaf !== undefined && !belongs(key, leaf)) {
    const message = "the key of the first certificate in landfall:certificate.chain; the given one is another's";
    faults.push({ of: "privateKey", message });
  }
  return faults;
}

function chainFaults(
  leaf: X509Certificate,
  chain: readonly X509Certificate[],
  { hosts, now }: { hosts: readonly string[]; now: number },
): string[] {
  const faults: string[] = [];
  const wrong = wrongOrder(chain);
  if (wrong !== undefined) faults.push(`certificates in the order in which they are signed: ${wrong}`);
  if (leaf.ca) faults.push("the server's own certificate first; the first one is an authority's");
  const uncovered = hosts.filter((host) => leaf.checkHost(host, { subject: "never" }) === undefined);
  if (uncovered.length > 0) {
    faults.push(
      `a certificate for every one of landfall:hosts; this one is for ${leaf.subjectAltName ?? "no name"}, not for ${uncovered.join(", ")}`,
    );
  }
  const expired = chain.find(({ validFromDate, validToDate }) => now < +validFromDate || now >= +validToDate);
  if (expired !== undefined) {
    const { validFromDate, validToDate } = expired;
    const which = expired === leaf ? "this one" : "one of its chain";
    faults.push(
      `a certificate that is valid now; ${which} is valid from ${validFromDate.toISOString()} to ${validToDate.toISOString()}`,
    );
  }
  return faults;
}

/** A key as it reads; undefined when it cannot be read. */
function parsed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function belongs(key: KeyObject, certificate: X509Certificate): boolean {
  return certificate.checkPrivateKey(key);
}
