import type { Properties, Resource } from "../plugin/resource.ts";
import { changeAccount, claimLabel, find, readAccount, refusal, takeId, timestamp, type VpcRecord } from "./account.ts";
import { optional, replacing, required, string } from "./properties.ts";
import { checkLabel, checkRegion, vpcLabel } from "./rules.ts";

/** A private network. Its subnets are what takes shape on this machine. */
export const vpc: Resource = {
  token: "linode:index/vpc:Vpc",
  inputs: { label: required(string), region: replacing(required(string)), description: optional(string) },
  secretOutputs: [],
  check: ({ label, region }) => [...checkLabel(label, vpcLabel), ...checkRegion(region)],
  create: async (cloud, inputs) => {
    const made = await changeAccount(cloud, (account) => {
      const { label, region } = inputs as { label: string; region: string };
      claimLabel(account.vpcs, { label }, "VPCs");
      const record: VpcRecord = { id: takeId(account), label, region, created: timestamp() };
      account.vpcs.push(record);
      return record;
    });
    return { id: String(made.id), outputs: outputsOf(made, inputs) };
  },
  read: (cloud, id, outputs) => {
    const found = readAccount(cloud).vpcs.find((one) => String(one.id) === id);
    return Promise.resolve(found && outputsOf(found, outputs));
  },
  update: (cloud, { id, inputs }) =>
    changeAccount(cloud, (account) => {
      const record = find(account.vpcs, id);
      const { label } = inputs as { label: string };
      claimLabel(account.vpcs, { label, id: record.id }, "VPCs");
      record.label = label;
      return outputsOf(record, inputs);
    }),
  remove: (cloud, id) =>
    changeAccount(cloud, (account) => {
      if (account.subnets.some(({ vpcId }) => String(vpcId) === id)) {
        throw refusal(400, "Cannot delete a VPC that has subnets; delete its subnets first");
      }
      account.vpcs = account.vpcs.filter((one) => String(one.id) !== id);
    }),
};

function outputsOf({ label, region, created }: VpcRecord, inputs: Properties): Properties {
  const description = inputs["description"] ?? "";
  return { description, label, region, created, updated: created };
}
