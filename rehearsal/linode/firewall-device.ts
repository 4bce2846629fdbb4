import type { Properties, Resource } from "../plugin/resource.ts";
import { find, readAccount, type DeviceRecord } from "./account.ts";
import { addDevice, changeFiltered } from "./firewall.ts";
import { integer, replacing, required, string } from "./properties.ts";
import { checkChoice } from "./rules.ts";

/** That a firewall stands in front of a server. Without one, a server is open to everybody. */
export const firewallDevice: Resource = {
  token: "linode:index/firewallDevice:FirewallDevice",
  inputs: {
    firewallId: replacing(required(integer)),
    entityId: replacing(required(integer)),
    entityType: replacing({ shape: string, computed: true }),
  },
  secretOutputs: [],
  check: ({ entityType }) => checkChoice("entityType", entityType, ["linode"]),
  create: async (cloud, inputs) => {
    const { firewallId, entityId } = inputs as { firewallId: number; entityId: number };
    const made = await changeFiltered(cloud, (account) => addDevice(account, firewallId, entityId));
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

function outputsOf({ firewallId, entityId, created }: DeviceRecord): Properties {
  return { firewallId, entityId, entityType: "linode", created, updated: created };
}
