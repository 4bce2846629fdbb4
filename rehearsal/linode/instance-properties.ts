import type { Property } from "../plugin/resource.ts";
import type { PropertyTable } from "../plugin/validate.ts";
import {
  boolean,
  computed,
  integer,
  objects,
  optional,
  replacing,
  required,
  string,
  stringMap,
  strings,
} from "./properties.ts";

const secret = (property: Property): Property => ({ ...property, secret: true });

const address = { type: "object", properties: { nat11: optional(string), vpc: computed(string) } } as const;

const networkInterface = {
  purpose: required(string),
  label: optional(string),
  ipamAddress: optional(string),
  primary: computed(boolean),
  subnetId: optional(integer),
  ipv4: computed(address),
  ipRanges: computed(strings),
  active: computed(boolean),
  id: computed(integer),
  vpcId: computed(integer),
};

const slot = optional({ type: "object", properties: { diskId: optional(integer), volumeId: optional(integer) } });

const helpers = {
  devtmpfsAutomount: optional(boolean),
  distro: optional(boolean),
  modulesDep: optional(boolean),
  network: optional(boolean),
  updatedbDisabled: optional(boolean),
};

const bootConfig = {
  label: required(string),
  comments: optional(string),
  devices: optional({
    type: "object",
    properties: { sda: slot, sdb: slot, sdc: slot, sdd: slot, sde: slot, sdf: slot, sdg: slot, sdh: slot },
  }),
  helpers: optional({ type: "object", properties: helpers }),
  id: computed(integer),
  interfaces: optional(objects(networkInterface)),
  kernel: optional(string),
  memoryLimit: optional(integer),
  rootDevice: optional(string),
  runLevel: optional(string),
  virtMode: optional(string),
};

const disk = {
  label: required(string),
  size: required(integer),
  authorizedKeys: replacing(optional(strings)),
  authorizedUsers: replacing(optional(strings)),
  filesystem: replacing(optional(string)),
  id: computed(integer),
  image: replacing(optional(string)),
  readOnly: replacing(optional(boolean)),
  rootPass: secret(replacing(optional(string))),
  stackscriptData: secret(replacing(optional(stringMap))),
  stackscriptId: replacing(optional(integer)),
};

/** What may be given for a server, as @pulumi/linode has it. */
export const instanceProperties: PropertyTable = {
  region: required(string),
  type: computed(string),
  image: replacing(optional(string)),
  label: computed(string),
  booted: computed(boolean),
  tags: computed(strings),
  interfaces: optional(objects(networkInterface)),
  metadatas: optional(objects({ userData: replacing(optional(string)) })),
  authorizedKeys: replacing(optional(strings)),
  diskEncryption: replacing(computed(string)),
  swapSize: computed(integer),
  backupsEnabled: computed(boolean),
  watchdogEnabled: optional(boolean),
  alerts: computed({
    type: "object",
    properties: {
      cpu: computed(integer),
      io: computed(integer),
      networkIn: computed(integer),
      networkOut: computed(integer),
      transferQuota: computed(integer),
    },
  }),
  group: optional(string),
  migrationType: optional(string),
  resizeDisk: optional(boolean),
  placementGroupExternallyManaged: optional(boolean),
  placementGroup: optional({
    type: "object",
    properties: {
      id: required(integer),
      compliantOnly: optional(boolean),
      label: computed(string),
      placementGroupPolicy: computed(string),
      placementGroupType: computed(string),
    },
  }),
  authorizedUsers: replacing(optional(strings)),
  backupId: replacing(optional(integer)),
  bootConfigLabel: computed(string),
  configs: computed(objects(bootConfig)),
  disks: computed(objects(disk)),
  firewallId: replacing(optional(integer)),
  ipv4s: replacing(computed(strings)),
  privateIp: optional(boolean),
  rootPass: secret(replacing(optional(string))),
  sharedIpv4s: computed(strings),
  stackscriptData: secret(replacing(optional(stringMap))),
  stackscriptId: replacing(optional(integer)),
};

/** What may be given and would change nothing here: refused, since a rehearsal that ignored it would lie. */
export const unsupportedProperties: readonly string[] = [
  "authorizedUsers",
  "backupId",
  "bootConfigLabel",
  "configs",
  "disks",
  "firewallId",
  "ipv4s",
  "rootPass",
  "sharedIpv4s",
  "stackscriptData",
  "stackscriptId",
];
