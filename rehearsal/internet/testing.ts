import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { webcrypto } from "node:crypto";
import type { Account } from "./account.ts";
import { createOriginRoot } from "./origin-ca.ts";
import { openCertificates, type OriginCertificates } from "./origin-certificates.ts";
import type { RuleRequest, Ruleset } from "./rules/ruleset.ts";
import type { Store } from "./store.ts";
import { emptyZone } from "./store.ts";
import type { DnsRecord, Zone } from "./zone.ts";

/** An account for tests. */
export const account: Account = {
  zones: ["example.com"],
  tokens: { full: "full-token", dns: "dns-token", linodeDns: "linode-dns-token" },
  edge: "198.51.100.33",
  authority: "198.51.100.3",
  linodeNames: "198.51.100.4",
  hooks: "198.51.100.5",
  resolver: "198.51.100.2",
  networks: ["198.51.100.32/28"],
  certificateSeconds: 7_776_000,
};

/** A record for tests: an A record of www.example.com, but for what is given. */
export function record(parts: Partial<DnsRecord> = {}): DnsRecord {
  return {
    id: "1",
    name: "www.example.com",
    type: "A",
    content: "198.51.100.64",
    ttl: 1,
    proxied: false,
    proxiable: true,
    comment: null,
    tags: [],
    settings: {},
    meta: {},
    created_on: "2026-01-01T00:00:00.000Z",
    modified_on: "2026-01-01T00:00:00.000Z",
    ...parts,
  };
}

/** The zone example.com with some records and settings. */
export function zoneWith(records: readonly DnsRecord[], settings: Readonly<Record<string, unknown>> = {}): Zone {
  const set = Object.entries(settings).map(([id, value]) => [id, { value, modified_on: "2026-01-01T00:00:00.000Z" }]);
  return { ...emptyZone("example.com"), records, settings: Object.fromEntries(set) as Zone["settings"] };
}

/** Zones that are kept nowhere. */
export function storeOf(...zones: readonly Zone[]): Store {
  const kept = new Map(zones.map((zone) => [zone.id, zone]));
  return {
    all: () => [...kept.values()],
    find: (id) => kept.get(id),
    put: (zone) => {
      kept.set(zone.id, zone);
    },
  };
}

/** A certificate signing request of a new key, PEM; it names a host of its own. */
export async function csrOf(kind: "rsa" | "ecdsa"): Promise<string> {
  const algorithm =
    kind === "rsa"
      ? {
          name: "RSASSA-PKCS1-v1_5",
          hash: "SHA-256",
          modulusLength: 2048,
          publicExponent: new Uint8Array([1, 0, 1]),
        }
      : { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const names = new x509.SubjectAlternativeNameExtension([{ type: "dns", value: "of.the.request" }]);
  const request = await x509.Pkcs10CertificateRequestGenerator.create(
    { name: "CN=origin", keys, signingAlgorithm: algorithm, extensions: [names] },
    webcrypto,
  );
  return request.toString("pem");
}

/** Certificates of Origin CA that are kept nowhere. */
export function certificatesOf(): OriginCertificates {
  const root = createOriginRoot("origin-ecc");
  return openCertificates({ read: () => [], write: () => undefined }, () => root);
}

/** A ruleset of a phase for tests, with these rules switched on. */
export function rulesetOf(phase: string, rules: readonly RuleRequest[]): Ruleset {
  const last_updated = "2026-01-01T00:00:00.000Z";
  return {
    ...{ id: phase, name: phase, kind: "zone", phase, description: "", version: "1", last_updated },
    rules: rules.map((rule, at) => {
      const id = `${phase}-${String(at)}`;
      return { id, ref: id, version: "1", description: "", enabled: true, last_updated, ...rule };
    }),
  };
}
