import { oneLine, readChain, wrongOrder } from "./chain.ts";

/** What an installed certificate says about itself. */
export interface InstalledCertificate {
  /** End of its validity, ISO 8601, UTC. */
  readonly notAfter: string;
  /** Name of who signed it, for example `C=US, O=Let's Encrypt, CN=E5`. */
  readonly issuer: string;
  /** Serial number, hexadecimal. */
  readonly serial: string;
}

/**
 * Reads a certificate with its chain and holds it against what was wanted.
 *
 * @param chain PEM, the server's certificate first
 * @param hosts the host names that it must be for, neither more nor fewer
 * @param now milliseconds since 1970
 * @throws when it is for other hosts, is not valid at that time, or when the chain is missing or out of order
 */
export function readInstalled(chain: string, hosts: readonly string[], now: number): InstalledCertificate {
  const certificates = readChain(chain);
  const [leaf, ...issuers] = certificates;
  if (leaf === undefined) throw new Error("there is no certificate in place");
  const names = (leaf.subjectAltName ?? "").split(", ").map((name) => name.replace(/^DNS:/, ""));
  if (names.sort().join(" ") !== [...hosts].sort().join(" ")) {
    throw new Error(`the certificate in place is for ${names.join(", ")}, not for ${hosts.join(", ")}`);
  }
  const { validFromDate, validToDate } = leaf;
  if (now < validFromDate.getTime() || now >= validToDate.getTime()) {
    throw new Error(
      `the certificate in place is valid from ${validFromDate.toISOString()} to ${validToDate.toISOString()}, not now`,
    );
  }
  if (issuers.length === 0) throw new Error("the certificate in place comes without its chain");
  const wrong = wrongOrder(certificates);
  if (wrong !== undefined) throw new Error(`the chain is out of order: ${wrong}`);
  return { notAfter: validToDate.toISOString(), issuer: oneLine(leaf.issuer), serial: leaf.serialNumber };
}
