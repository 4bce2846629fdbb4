import { crc32 } from "node:zlib";
import type { Properties } from "../plugin/resource.ts";
import { isRecord } from "../plugin/values.ts";
import type { Account, InstanceRecord } from "./account.ts";
import { defaultType, types } from "./catalogue.ts";

/** An interface of a server, as far as a rehearsal knows it. */
export interface InterfaceInputs extends Properties {
  readonly purpose: string;
  readonly subnetId?: number;
  readonly ipv4?: { readonly vpc?: string };
}

/** That a server is to be one of a placement group. */
export interface GroupMembership extends Properties {
  readonly id: number;
  readonly compliantOnly?: boolean;
}

/** What was given for a server, as far as a rehearsal does something with it. */
export interface InstanceInputs extends Properties {
  readonly region: string;
  readonly image: string;
  readonly type?: string;
  readonly label?: string;
  readonly booted?: boolean;
  readonly userData?: string;
  readonly authorizedKeys?: readonly string[];
  readonly interfaces?: readonly InterfaceInputs[];
  readonly privateIp?: boolean;
  readonly placementGroup?: GroupMembership;
}

/** Reads checked inputs. */
export function readInputs(inputs: Properties): InstanceInputs {
  const metadatas: readonly unknown[] = Array.isArray(inputs["metadatas"]) ? inputs["metadatas"] : [];
  const [metadata] = metadatas;
  const userData = isRecord(metadata) ? metadata["userData"] : undefined;
  return { ...inputs, ...(typeof userData === "string" ? { userData } : {}) } as InstanceInputs;
}

/** The vendor's own limits for its alerts, by vCPU. */
const alerts = { cpu: 90, io: 10_000, networkIn: 10, networkOut: 10, transferQuota: 80 };

/** All outputs of a server: what was given, and what the vendor computes. */
export function instanceOutputs(
  account: Account,
  record: InstanceRecord,
  { inputs, running }: { readonly inputs: Properties; readonly running: boolean },
): Properties {
  const specs = types[record.type] ?? types[defaultType];
  return {
    backupsEnabled: false,
    diskEncryption: "enabled",
    swapSize: 512,
    tags: [],
    watchdogEnabled: true,
    ...inputs,
    alerts: {
      ...alerts,
      cpu: alerts.cpu * (specs?.vcpus ?? 1),
      ...(isRecord(inputs["alerts"]) ? inputs["alerts"] : {}),
    },
    interfaces: interfaceOutputs(account, record, inputs["interfaces"]),
    placementGroup: groupOutputs(account, record, inputs["placementGroup"]),
    label: record.label,
    region: record.region,
    type: record.type,
    image: record.image,
    booted: running,
    status: running ? "running" : "offline",
    ipAddress: record.address,
    ipv4s: asSet([record.address, ...(record.privateAddress === undefined ? [] : [record.privateAddress])]),
    // The prefix for documentation: a rehearsal has no IPv6.
    ipv6: `2001:db8::${(record.id % 65_536).toString(16)}/128`,
    privateIpAddress: record.privateAddress ?? "",
    hasUserData: inputs["metadatas"] !== undefined,
    hostUuid: record.hostUuid,
    lkeClusterId: 0,
    capabilities: ["Block Storage Encryption"],
    bootConfigLabel: "My Debian 13 Disk Profile",
    specs: [specs],
    backups: [{ available: false, enabled: inputs["backupsEnabled"] === true, schedules: [] }],
    configs: [],
    disks: [],
    sharedIpv4s: [],
  };
}

/** Shown only where it was given: an assignment of its own shows itself. */
function groupOutputs(account: Account, { placementGroupId }: InstanceRecord, given: unknown): unknown {
  const group = account.placementGroups.find(({ id }) => id === placementGroupId);
  if (given === undefined || group === undefined) return undefined;
  const { id, label, type, policy } = group;
  const details = { id, label, placementGroupType: type, placementGroupPolicy: policy };
  return isRecord(given) ? { ...given, ...details } : details;
}

function interfaceOutputs(account: Account, record: InstanceRecord, given: unknown): unknown {
  if (!Array.isArray(given)) return undefined;
  return given.map((one: unknown, at) => {
    if (!isRecord(one)) return one;
    const common = { primary: false, ...one, id: record.id * 10 + at, active: true };
    if (one["purpose"] !== "vpc" || record.vpc === undefined) return common;
    const { subnetId, address } = record.vpc;
    const vpcId = account.subnets.find(({ id }) => id === subnetId)?.vpcId ?? 0;
    return { ...common, subnetId, vpcId, ipv4: { ...(isRecord(one["ipv4"]) ? one["ipv4"] : {}), vpc: address } };
  });
}

/** A set as the provider lists it: by the text of each one's hash, whatever came first. */
function asSet(addresses: readonly string[]): string[] {
  const keyOf = (address: string): string => String(crc32(address));
  return [...addresses].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}
