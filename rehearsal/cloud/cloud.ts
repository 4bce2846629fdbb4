import { join } from "node:path";

/** A cloud that stands in for the vendors' while one stack is rehearsed. */
export interface Cloud {
  /** The stack that is rehearsed on it. */
  readonly stack: string;
  /** Absolute path of the folder with all of its files. */
  readonly folder: string;
  /** First three numbers of its public network, for example `198.51.100`. */
  readonly prefix: string;
  /** What the vendors' tokens must be here; made at random for each cloud. */
  readonly tokens: { readonly linode: string; readonly cloudflare: string };
}

/** Names a thing of the cloud as Docker knows it: `landfall-rehearsal-staging-internet`. */
export function nameOf(cloud: Cloud, noun: string): string {
  return `landfall-rehearsal-${cloud.stack}-${noun}`;
}

/** The label that everything of a cloud carries. */
export function labelsOf(cloud: Cloud): Record<string, string> {
  return { "landfall.rehearsal": cloud.stack };
}

/** An address on the cloud's public network. */
export function addressOf(cloud: Cloud, last: number): string {
  return `${cloud.prefix}.${String(last)}`;
}

/** Addresses on the public network that are given out for good, by their last number. */
export const places = {
  ...{ operator: 1, resolver: 2, pebble: 3, linodeNames: 4, hooks: 5 },
  ...{ edge: 33, stranger: 200, firstServer: 64 },
} as const;

/** What the vendor of the edge says its own networks are. */
export function edgeNetworks(cloud: Cloud): string[] {
  return [`${cloud.prefix}.32/28`];
}

/** The trust roots of the cloud's certificates, PEM; written when the cloud's internet starts. */
export function rootsFile(cloud: Cloud): string {
  return join(cloud.folder, "roots.pem");
}
