import { createSecureContext, type SecureContext } from "node:tls";
import { issueCertificate, type KeyPair } from "../../../infra/certificates/authority.ts";
import { zoneOf, type Zone } from "../zone.ts";

const day = 24 * 60 * 60 * 1000;
const validityDays = 90;

/** TLS versions as far down as a zone may allow need the old signatures of OpenSSL's lowest level. */
export const ciphers = "DEFAULT@SECLEVEL=0";

/** Gives the TLS context for a name; undefined where the edge has no certificate for it. */
export type Certificates = (serverName: string) => Promise<SecureContext | undefined>;

/**
 * Certificates of the edge, issued when they are first asked for: one for each zone, for its apex and the names one
 * label below it, as Cloudflare's Universal SSL, and one for each of the edge's own names.
 *
 * @param own names that are served beside the zones
 */
export function edgeCertificates(
  authority: KeyPair,
  zones: () => readonly Zone[],
  own: readonly string[] = [],
): Certificates {
  const issued = new Map<string, { context: Promise<SecureContext>; until: number }>();
  return async (serverName) => {
    const name = own.includes(serverName) ? serverName : coveringZone(zones(), serverName);
    if (name === undefined) return undefined;
    const known = issued.get(name);
    if (known !== undefined && known.until > Date.now()) return known.context;
    const names = own.includes(name) ? [name] : [name, `*.${name}`];
    const context = issueContext(authority, names);
    issued.set(name, { context, until: Date.now() + (validityDays - 30) * day });
    return context;
  };
}

/** The zone whose certificate covers a name. A wildcard stands for one label only (RFC 6125, 6.4.3). */
export function coveringZone(zones: readonly Zone[], serverName: string): string | undefined {
  const zone = zoneOf(zones, serverName)?.name;
  if (zone === undefined || serverName === zone) return zone;
  return serverName.slice(0, -zone.length - 1).includes(".") ? undefined : zone;
}

/** A TLS context with a certificate that is issued now. */
export async function issueContext(authority: KeyPair, dnsNames: readonly string[]): Promise<SecureContext> {
  const commonName = dnsNames[0] ?? "";
  const pair = await issueCertificate(authority, { commonName, dnsNames, ipAddresses: [], validityDays });
  return createSecureContext({ cert: pair.certificate, key: pair.privateKey, ciphers, minVersion: "TLSv1" });
}
