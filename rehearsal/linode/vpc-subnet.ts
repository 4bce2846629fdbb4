import { isNotFound } from "../../infra/engine/engine.ts";
import { openEngine } from "../../tools/engine.ts";
import { labelsOf, nameOf, type Cloud } from "../cloud/cloud.ts";
import { overlappingNetworks } from "../cloud/network.ts";
import { networksOverlap } from "../cloud/subnet.ts";
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
  type SubnetRecord,
} from "./account.ts";
import { integer, replacing, required, string } from "./properties.ts";
import { checkLabel, vpcLabel } from "./rules.ts";
import { checkSubnetRange } from "./subnet-address.ts";

/** Name of the Docker network that is a subnet: one without a way out. */
export function subnetNetwork(cloud: Cloud, id: number): string {
  return nameOf(cloud, `subnet-${String(id)}`);
}

/** Addresses of a private network, as a Docker network that leads nowhere else. */
export const vpcSubnet: Resource = {
  token: "linode:index/vpcSubnet:VpcSubnet",
  inputs: {
    vpcId: replacing(required(integer)),
    label: required(string),
    ipv4: replacing(required(string)),
  },
  secretOutputs: [],
  check: ({ label, ipv4 }) => [...checkLabel(label, vpcLabel), ...checkSubnetRange(ipv4)],
  create: async (cloud, inputs) => {
    const wanted = inputs as { vpcId: number; label: string; ipv4: string };
    const made = await changeAccount(cloud, async (account) => {
      find(account.vpcs, wanted.vpcId, "vpcId");
      const siblings = account.subnets.filter(({ vpcId }) => vpcId === wanted.vpcId);
      claimLabel(siblings, wanted, "subnets of this VPC");
      const other = siblings.find(({ ipv4 }) => networksOverlap(ipv4, wanted.ipv4));
      if (other !== undefined) throw refusal(400, `${wanted.ipv4} overlaps with subnet ${other.label}`, "ipv4");
      const record: SubnetRecord = { id: takeId(account), ...wanted, created: timestamp() };
      await makeNetwork(cloud, account, record);
      account.subnets.push(record);
      return record;
    });
    return { id: String(made.id), outputs: outputsOf(made, readAccount(cloud)) };
  },
  read: (cloud, id) => {
    const account = readAccount(cloud);
    const found = account.subnets.find((one) => String(one.id) === id);
    return Promise.resolve(found && outputsOf(found, account));
  },
  update: (cloud, { id, inputs }) =>
    changeAccount(cloud, (account) => {
      const record = find(account.subnets, id);
      const { label } = inputs as { label: string };
      const siblings = account.subnets.filter(({ vpcId }) => vpcId === record.vpcId);
      claimLabel(siblings, { label, id: record.id }, "subnets of this VPC");
      record.label = label;
      return outputsOf(record, account);
    }),
  remove: (cloud, id) =>
    changeAccount(cloud, async (account) => {
      if (account.instances.some(({ vpc }) => String(vpc?.subnetId) === id)) {
        throw refusal(400, "Cannot delete a subnet that Linodes are connected to; delete their interfaces first");
      }
      try {
        await openEngine()
          .getNetwork(subnetNetwork(cloud, Number(id)))
          .remove();
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
      account.subnets = account.subnets.filter((one) => String(one.id) !== id);
    }),
};

async function makeNetwork(cloud: Cloud, account: Account, { id, ipv4 }: SubnetRecord): Promise<void> {
  await removeUnknownNetworks(cloud, account);
  const name = subnetNetwork(cloud, id);
  const taken = await overlappingNetworks(ipv4);
  if (taken.length > 0) {
    throw new Error(
      `The addresses ${ipv4} are those of Docker's network ${taken.join(", ")} on this machine. ` +
        "Give the private network other addresses in the settings, or remove that network.",
    );
  }
  await openEngine().createNetwork({
    Name: name,
    CheckDuplicate: true,
    Driver: "bridge",
    Internal: true,
    IPAM: { Driver: "default", Config: [{ Subnet: ipv4 }] },
    Labels: labelsOf(cloud),
  });
}

/** Removes networks that the account knows nothing of: the call that made them was killed before it had an answer. */
async function removeUnknownNetworks(cloud: Cloud, account: Account): Promise<void> {
  const filters = { label: [`landfall.rehearsal=${cloud.stack}`] };
  const prefix = nameOf(cloud, "subnet-");
  for (const { Id, Name } of await openEngine().listNetworks({ filters })) {
    const known = account.subnets.some(({ id }) => subnetNetwork(cloud, id) === Name);
    if (Name.startsWith(prefix) && !known) await openEngine().getNetwork(Id).remove();
  }
}

function outputsOf({ id, label, ipv4, vpcId, created }: SubnetRecord, account: Account): Properties {
  const linodes = account.instances
    .filter(({ vpc }) => vpc?.subnetId === id)
    .map((instance) => ({ id: instance.id, interfaces: [{ id: instance.id, active: instance.booted }] }));
  return { label, ipv4, vpcId, created, updated: created, linodes };
}
