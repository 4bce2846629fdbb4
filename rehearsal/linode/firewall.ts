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
  type FirewallRecord,
  type FirewallRule,
} from "./account.ts";
import { applyFilter } from "./filter.ts";
import { checkRules } from "./firewall-rules.ts";
import { boolean, computed, integers, objects, optional, required, string, strings } from "./properties.ts";
import { checkChoice, checkLabel, checkTags, firewallLabel, refuseUnsupported } from "./rules.ts";

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
}

/** A firewall in front of servers' public addresses, made of this machine's packet filter. */
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
    ...refuseUnsupported(inputs, ["nodebalancers"]),
  ],
  create: async (cloud, inputs) => {
    const wanted = readInputs(inputs);
    const { id, outputs } = await changeFiltered(cloud, (account) => {
      claimLabel(account.firewalls, wanted, "firewalls");
      const record: FirewallRecord = { id: takeId(account), created: timestamp(), ...stored(wanted) };
      account.firewalls.push(record);
      setServers(account, record.id, wanted.linodes);
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
      setServers(account, record.id, wanted.linodes);
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

/** Lets a firewall stand in front of a server. @throws when there is one in front of it already */
export function addDevice(account: Account, firewallId: number, entityId: number): Account["devices"][number] {
  find(account.firewalls, firewallId, "firewallId");
  find(account.instances, entityId, "id");
  const other = account.devices.find((device) => device.entityId === entityId);
  if (other !== undefined) {
    throw refusal(
      400,
      `Linode ${String(entityId)} has firewall ${String(other.firewallId)} already; only one can be active`,
    );
  }
  const device = { id: takeId(account), firewallId, entityId, created: timestamp() };
  account.devices.push(device);
  return device;
}

function setServers(account: Account, firewallId: number, linodes: readonly number[] | undefined): void {
  if (linodes === undefined) return;
  account.devices = account.devices.filter((one) => one.firewallId !== firewallId || linodes.includes(one.entityId));
  for (const linode of linodes) {
    if (!account.devices.some((one) => one.firewallId === firewallId && one.entityId === linode)) {
      addDevice(account, firewallId, linode);
    }
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
    linodes: devices.map(({ entityId }) => entityId),
    nodebalancers: [],
    devices: devices.map((device) => ({
      id: device.id,
      entityId: device.entityId,
      type: "linode",
      label: account.instances.find((one) => one.id === device.entityId)?.label ?? "",
      url: `/v4/linode/instances/${String(device.entityId)}`,
    })),
  };
}
