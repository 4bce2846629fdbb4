import type { Properties, Resource } from "../plugin/resource.ts";
import { find, readAccount, type DeviceRecord, type EntityType } from "./account.ts";
import { addDevice, changeFiltered } from "./firewall.ts";
import { integer, replacing, required, string } from "./properties.ts";
import { checkChoice } from "./rules.ts";

/** That a firewall stands in front of a server or a NodeBalancer. Without one, it is open to everybody. */
export const firewallDevice: Resource = {
  token: "linode:index/firewallDevice:FirewallDevice",
  inputs: {
    firewallId: replacing(required(integer)),
    entityId: replacing(required(integer)),
    entityType: replacing({ shape: string, computed: true }),
  },
  secretOutputs: [],
  check: ({ entityType }) => checkChoice("entityType", entityType, ["linode", "nodebalancer"]),
  create: async (cloud, inputs) => {
    const { firewallId, entityId, entityType = "linode" } = inputs as unknown as DeviceInputs;
    const made = await changeFiltered(cloud, (account) => addDevice(account, { firewallId, entityId, entityType }));
    return { id: String(made.id), outputs: outputsOf(made) };
  },
  read: (cloud, id) => {
    const found = readAccount(cloud).devices.find((one) => String(one.id) === id);
    return Promise.resolve(found && outputsOf(found));
  },
  // Every change makes another one.
  update: (cloud, { id }) => Promise.resolve(outputsOf(find(readAccount(cloud).devices, id))),
  remove: (cloud, id) =>
    changeFiltered(cloud, (account) => {
      account.devices = account.devices.filter((one) => String(one.id) !== id);
    }),
};

interface DeviceInputs {
  readonly firewallId: number;
  readonly entityId: number;
  readonly entityType?: EntityType;
}

function outputsOf({ firewallId, entityId, entityType, created }: DeviceRecord): Properties {
  return { firewallId, entityId, entityType, created, updated: created };
}
