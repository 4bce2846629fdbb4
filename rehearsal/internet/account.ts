import { createHash, createHmac } from "node:crypto";
import type { Cloud } from "../cloud/cloud.ts";

/** What the programs of the rehearsal's internet are told when they start; lies in the cloud's folder. */
export interface Account {
  /** Names of the zones in the account at Cloudflare. */
  readonly zones: readonly string[];
  readonly tokens: {
    /** May do everything. */
    readonly full: string;
    /** May read zones and edit DNS records. */
    readonly dns: string;
    /** At Linode: may read and edit domains. */
    readonly linodeDns: string;
  };
  /** Address of the edge, of the API and of the authoritative DNS. */
  readonly edge: string;
  /** Address of the certificate authority that issues over ACME. */
  readonly authority: string;
  /** Address of Linode's name servers. */
  readonly linodeNames: string;
  /** Address at which webhooks are received. */
  readonly hooks: string;
  /** Address of the resolver. */
  readonly resolver: string;
  /** Networks that the edge says are its own. */
  readonly networks: readonly string[];
  /** Seconds that certificates hold that are issued over ACME. */
  readonly certificateSeconds: number;
}

/** A token that may only read zones and edit DNS records, for a program that proves its domains over DNS. */
export function dnsToken(cloud: Cloud): string {
  const digest = createHmac("sha256", cloud.tokens.cloudflare).update("zone:read dns:edit").digest("hex");
  return `rehearsal-dns-${digest.slice(0, 40)}`;
}

/** A token of Linode's that may only read and edit domains, for a program that proves its domains over DNS. */
export function linodeDnsToken(cloud: Cloud): string {
  const digest = createHmac("sha256", cloud.tokens.linode).update("domains:read_write").digest("hex");
  return `rehearsal-domains-${digest.slice(0, 40)}`;
}

/** The id of a zone: the same for the same name, so that it outlives the cloud's records. */
export function zoneId(name: string): string {
  return createHash("sha256").update(`zone ${name}`).digest("hex").slice(0, 32);
}

/** The id of the account that the zones are in. */
export const accountId = createHash("sha256").update("account").digest("hex").slice(0, 32);
