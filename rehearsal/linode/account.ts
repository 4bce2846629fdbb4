import type { Cloud } from "../cloud/cloud.ts";
import { readRecords, withCloudLock, writeRecords } from "../cloud/records.ts";
import type { DatabaseRecord } from "../database/record.ts";
import type { BalancerConfigRecord, BalancerNodeRecord, BalancerRecord } from "../balancer/record.ts";
import type { BucketRecord, KeyRecord } from "../storage/record.ts";
import type { DomainEntry, DomainRecordEntry } from "./domain-names.ts";

/** A server. */
export interface InstanceRecord {
  readonly id: number;
  label: string;
  region: string;
  type: string;
  image: string;
  /** Whether it is to run. */
  booted: boolean;
  /** Its address on the public network. */
  address: string;
  /** Its interface in a VPC. */
  vpc?: { readonly subnetId: number; readonly address: string };
  /** Its address on the private network of its region, which it shares with other customers' servers. */
  privateAddress?: string;
  placementGroupId?: number;
  readonly hostUuid: string;
  /** Number of the process that is making it; when that process is gone, the server has never come to be. */
  madeBy?: number;
}

/** Servers that are to be on different machines. */
export interface PlacementGroupRecord {
  readonly id: number;
  label: string;
  readonly region: string;
  readonly type: string;
  readonly policy: string;
}

/** A private network of a region, which has its addresses in subnets. */
export interface VpcRecord {
  readonly id: number;
  label: string;
  readonly region: string;
  readonly created: string;
}

/** Addresses of a VPC: `10.77.0.0/24`. */
export interface SubnetRecord {
  readonly id: number;
  label: string;
  readonly vpcId: number;
  readonly ipv4: string;
  readonly created: string;
}

/** A rule of a firewall, with the vendor's words. */
export interface FirewallRule {
  readonly label: string;
  readonly action: string;
  readonly protocol: string;
  /** `22, 80-90`; all of them when left out. */
  readonly ports?: string;
  readonly ipv4s?: readonly string[];
  readonly ipv6s?: readonly string[];
}

/** A firewall in front of servers and NodeBalancers. */
export interface FirewallRecord {
  readonly id: number;
  label: string;
  disabled: boolean;
  inboundPolicy: string;
  outboundPolicy: string;
  inbounds: readonly FirewallRule[];
  outbounds: readonly FirewallRule[];
  readonly created: string;
}

/** What a firewall can stand in front of. */
export type EntityType = "linode" | "nodebalancer";

/** That a firewall stands in front of a server or a NodeBalancer. */
export interface DeviceRecord {
  readonly id: number;
  readonly firewallId: number;
  readonly entityId: number;
  readonly entityType: EntityType;
  readonly created: string;
}

/** A disk that outlives servers. */
export interface VolumeRecord {
  readonly id: number;
  label: string;
  readonly region: string;
  /** GiB. */
  size: number;
  linodeId?: number;
}

/** All that there is in the vendor's account. */
export interface Account {
  nextId: number;
  instances: InstanceRecord[];
  vpcs: VpcRecord[];
  subnets: SubnetRecord[];
  firewalls: FirewallRecord[];
  devices: DeviceRecord[];
  volumes: VolumeRecord[];
  /** Ids of servers whose network is cut off. */
  cut: number[];
  /** First three numbers of the servers' addresses on the private network, once it is there. */
  privatePrefix?: string;
  balancers: BalancerRecord[];
  balancerConfigs: BalancerConfigRecord[];
  balancerNodes: BalancerNodeRecord[];
  databases: DatabaseRecord[];
  placementGroups: PlacementGroupRecord[];
  /** Regions whose object storage is in use, in the order of their addresses. */
  storageRegions: string[];
  buckets: BucketRecord[];
  keys: KeyRecord[];
  domains: DomainEntry[];
  domainRecords: DomainRecordEntry[];
}

const section = "linode";

/** An account that nothing has been made in. */
export const emptyAccount: Account = {
  nextId: 4_100_001,
  instances: [],
  vpcs: [],
  subnets: [],
  firewalls: [],
  devices: [],
  volumes: [],
  cut: [],
  balancers: [],
  balancerConfigs: [],
  balancerNodes: [],
  databases: [],
  placementGroups: [],
  storageRegions: [],
  buckets: [],
  keys: [],
  domains: [],
  domainRecords: [],
};

/** What there is in the vendor's account now. */
export function readAccount(cloud: Cloud): Account {
  return { ...structuredClone(emptyAccount), ...readRecords<Partial<Account>>(cloud, section, {}) };
}

/** Changes the account while nobody else does. When the change throws, nothing has changed. */
export async function changeAccount<T>(cloud: Cloud, change: (account: Account) => Promise<T> | T): Promise<T> {
  return withCloudLock(cloud, async () => {
    const account = readAccount(cloud);
    const result = await change(account);
    writeRecords(cloud, section, account);
    return result;
  });
}

/** Takes the next id, unique among all things of the account. */
export function takeId(account: Account): number {
  account.nextId += 1;
  return account.nextId - 1;
}

/** An error in the vendor's words: `[400] [label] Label must be unique among your Linodes`. */
export function refusal(status: number, reason: string, field?: string): Error {
  return new Error(`[${String(status)}] ${field === undefined ? "" : `[${field}] `}${reason}`);
}

/** The one with an id. @throws the vendor's 404 */
export function find<T extends { readonly id: number }>(known: readonly T[], id: unknown, field?: string): T {
  const found = known.find((one) => one.id === Number(id));
  if (found === undefined) throw refusal(404, `Not found: ${String(id)}`, field);
  return found;
}

/** @throws when another one has the label already */
export function claimLabel(
  known: readonly { readonly id: number; readonly label: string }[],
  wanted: { readonly label: string; readonly id?: number },
  plural: string,
): void {
  const taken = known.some(({ id, label }) => label === wanted.label && id !== wanted.id);
  if (taken) throw refusal(400, `Label must be unique among your ${plural}: "${wanted.label}" is taken`, "label");
}

/** Now, as the vendor writes it: `2026-11-21T14:05:00`. */
export function timestamp(): string {
  return new Date().toISOString().slice(0, 19);
}
