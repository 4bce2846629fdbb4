import type { Cloud } from "../cloud/cloud.ts";
import type { Properties, Resource } from "../plugin/resource.ts";
import {
  changeAccount,
  claimLabel,
  find,
  readAccount,
  refusal,
  takeId,
  timestamp,
  type Account,
  type DeviceRecord,
  type EntityType,
  type FirewallRecord,
  type FirewallRule,
} from "./account.ts";
import { applyFilter } from "./filter.ts";
import { checkRules } from "./firewall-rules.ts";
import { boolean, computed, integers, objects, optional, required, string, strings } from "./properties.ts";
import { checkChoice, checkLabel, checkTags, firewallLabel } from "./rules.ts";

const rules = optional(
  objects({
    label: required(string),
    action: required(string),
    protocol: required(string),
    description: optional(string),
    ports: optional(string),
    ipv4s: optional(strings),
    ipv6s: optional(strings),
  }),
);

interface FirewallInputs extends Properties {
  readonly label: string;
  readonly disabled?: boolean;
  readonly inboundPolicy: string;
  readonly outboundPolicy: string;
  readonly inbounds?: readonly FirewallRule[];
  readonly outbounds?: readonly FirewallRule[];
  readonly linodes?: readonly number[];
  readonly nodebalancers?: readonly number[];
}

/** A firewall in front of servers' and NodeBalancers' addresses, made of this machine's packet filter. */
export const firewall: Resource = {
  token: "linode:index/firewall:Firewall",
  inputs: {
    label: required(string),
    disabled: computed(boolean),
    inboundPolicy: required(string),
    outboundPolicy: required(string),
    inbounds: rules,
    outbounds: rules,
    linodes: computed(integers),
    nodebalancers: computed(integers),
    tags: computed(strings),
  },
  secretOutputs: [],
  check: (inputs) => [
    ...checkLabel(inputs["label"], firewallLabel),
    ...checkChoice("inboundPolicy", inputs["inboundPolicy"], ["ACCEPT", "DROP"]),
    ...checkChoice("outboundPolicy", inputs["outboundPolicy"], ["ACCEPT", "DROP"]),
    ...checkRules(inputs),
    ...checkTags(inputs["tags"]),
  ],
  create: async (cloud, inputs) => {
    const wanted = readInputs(inputs);
    const { id, outputs } = await changeFiltered(cloud, (account) => {
      claimLabel(account.firewalls, wanted, "firewalls");
      const record: FirewallRecord = { id: takeId(account), created: timestamp(), ...stored(wanted) };
      account.firewalls.push(record);
      setDevices(account, { firewallId: record.id, entityType: "linode" }, wanted.linodes);
      setDevices(account, { firewallId: record.id, entityType: "nodebalancer" }, wanted.nodebalancers);
      return { id: record.id, outputs: outputsOf(account, record, inputs) };
    });
    return { id: String(id), outputs };
  },
  read: (cloud, id, outputs) => {
    const account = readAccount(cloud);
    const found = account.firewalls.find((one) => String(one.id) === id);
    return Promise.resolve(found && outputsOf(account, found, outputs));
  },
  update: (cloud, { id, inputs }) =>
    changeFiltered(cloud, (account) => {
      const wanted = readInputs(inputs);
      const record = find(account.firewalls, id);
      claimLabel(account.firewalls, { label: wanted.label, id: record.id }, "firewalls");
      Object.assign(record, stored(wanted));
      setDevices(account, { firewallId: record.id, entityType: "linode" }, wanted.linodes);
      setDevices(account, { firewallId: record.id, entityType: "nodebalancer" }, wanted.nodebalancers);
      return outputsOf(account, record, inputs);
    }),
  remove: (cloud, id) =>
    changeFiltered(cloud, (account) => {
      account.firewalls = account.firewalls.filter((one) => String(one.id) !== id);
      account.devices = account.devices.filter(({ firewallId }) => String(firewallId) !== id);
    }),
};

/** Changes the account and the packet filter together. */
export async function changeFiltered<T>(cloud: Cloud, change: (account: Account) => T): Promise<T> {
  return changeAccount(cloud, async (account) => {
    const result = change(account);
    await applyFilter(cloud, account);
    return result;
  });
}

/** What a firewall is to stand in front of. */
export type WantedDevice = Pick<DeviceRecord, "firewallId" | "entityId" | "entityType">;

/** Lets a firewall stand in front of a server or a NodeBalancer. @throws when there is one in front of it already */
export function addDevice(account: Account, { firewallId, entityId, entityType }: WantedDevice): DeviceRecord {
  find(account.firewalls, firewallId, "firewallId");
  find<{ readonly id: number }>(entityType === "linode" ? account.instances : account.balancers, entityId, "id");
  const other = account.devices.find((device) => device.entityId === entityId);
  if (other !== undefined) {
    const what = entityType === "linode" ? "Linode" : "NodeBalancer";
    throw refusal(
      400,
      `${what} ${String(entityId)} has firewall ${String(other.firewallId)} already; only one can be active`,
    );
  }
  const device = { id: takeId(account), firewallId, entityId, entityType, created: timestamp() };
  account.devices.push(device);
  return device;
}

/** Has a firewall stand in front of these of a type and no others of it. Those that are not told of stay. */
function setDevices(
  account: Account,
  { firewallId, entityType }: Pick<DeviceRecord, "firewallId" | "entityType">,
  entities: readonly number[] | undefined,
): void {
  if (entities === undefined) return;
  const own = (one: DeviceRecord): boolean => one.firewallId === firewallId && one.entityType === entityType;
  account.devices = account.devices.filter((one) => !own(one) || entities.includes(one.entityId));
  for (const entityId of entities) {
    if (account.devices.some((one) => own(one) && one.entityId === entityId)) continue;
    addDevice(account, { firewallId, entityId, entityType });
  }
}

function readInputs(inputs: Properties): FirewallInputs {
  return inputs as FirewallInputs;
}

function stored(inputs: FirewallInputs): Omit<FirewallRecord, "id" | "created"> {
  const { label, disabled = false, inboundPolicy, outboundPolicy, inbounds = [], outbounds = [] } = inputs;
  return { label, disabled, inboundPolicy, outboundPolicy, inbounds, outbounds };
}

function outputsOf(account: Account, record: FirewallRecord, inputs: Properties): Properties {
  const { id, created, ...rest } = record;
  const devices = account.devices.filter(({ firewallId }) => firewallId === id);
  const optionalLists = (["inbounds", "outbounds"] as const).filter((name) => inputs[name] === undefined);
  const lists = Object.fromEntries(optionalLists.map((name) => [name, undefined]));
  return {
    ...rest,
    ...lists,
    tags: inputs["tags"] ?? [],
    created,
    updated: created,
    status: record.disabled ? "disabled" : "enabled",
    linodes: entitiesOf(devices, "linode"),
    nodebalancers: entitiesOf(devices, "nodebalancer"),
    devices: devices.map(({ id: deviceId, entityId, entityType }) => ({
      id: deviceId,
      entityId,
      type: entityType,
      label: [...account.instances, ...account.balancers].find((one) => one.id === entityId)?.label ?? "",
      url: `/v4/${entityType === "linode" ? "linode/instances" : "nodebalancers"}/${String(entityId)}`,
    })),
  };
}

function entitiesOf(devices: readonly DeviceRecord[], wanted: EntityType): number[] {
  return devices.filter(({ entityType }) => entityType === wanted).map(({ entityId }) => entityId);
}
