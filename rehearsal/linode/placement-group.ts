import type { Properties, Resource } from "../plugin/resource.ts";
import { changeAccount, claimLabel, find, readAccount, refusal, takeId, type PlacementGroupRecord } from "./account.ts";
import { membersOf } from "./placement-group-members.ts";
import { computed, replacing, required, string } from "./properties.ts";
import { checkChoice, checkLabel, checkRegion, instanceLabel } from "./rules.ts";

/** Servers that are to be on different machines. A rehearsal has one, so this is a matter of the account alone. */
export const placementGroup: Resource = {
  token: "linode:index/placementGroup:PlacementGroup",
  inputs: {
    label: required(string),
    region: replacing(required(string)),
    placementGroupType: replacing(required(string)),
    placementGroupPolicy: replacing(computed(string)),
  },
  secretOutputs: [],
  check: ({ label, region, placementGroupType, placementGroupPolicy }) => [
    ...checkLabel(label, { ...instanceLabel, shortest: 1, longest: 64 }),
    ...checkRegion(region),
    ...checkChoice("placementGroupType", placementGroupType, ["anti_affinity:local"]),
    ...checkChoice("placementGroupPolicy", placementGroupPolicy, ["strict", "flexible"]),
  ],
  create: async (cloud, inputs) => {
    const { id, outputs } = await changeAccount(cloud, (account) => {
      const {
        label,
        region,
        placementGroupType: type,
        placementGroupPolicy: policy = "strict",
      } = inputs as GroupInputs;
      claimLabel(account.placementGroups, { label }, "placement groups");
      const record: PlacementGroupRecord = { id: takeId(account), label, region, type, policy };
      account.placementGroups.push(record);
      return { id: record.id, outputs: outputsOf(record, []) };
    });
    return { id: String(id), outputs };
  },
  read: (cloud, id) => {
    const account = readAccount(cloud);
    const found = account.placementGroups.find((one) => String(one.id) === id);
    return Promise.resolve(found && outputsOf(found, membersOf(account, found.id)));
  },
  update: (cloud, { id, inputs }) =>
    changeAccount(cloud, (account) => {
      const record = find(account.placementGroups, id);
      const { label } = inputs as GroupInputs;
      claimLabel(account.placementGroups, { label, id: record.id }, "placement groups");
      record.label = label;
      return outputsOf(record, membersOf(account, record.id));
    }),
  remove: (cloud, id) =>
    changeAccount(cloud, (account) => {
      const members = membersOf(account, Number(id));
      if (members.length > 0) {
        const labels = members.map(({ label }) => label).join(", ");
        throw refusal(
          400,
          `Placement group ${id} still has Linodes: ${labels}. Remove them from it before deleting it`,
        );
      }
      account.placementGroups = account.placementGroups.filter((one) => String(one.id) !== id);
    }),
};

interface GroupInputs extends Properties {
  readonly label: string;
  readonly region: string;
  readonly placementGroupType: string;
  readonly placementGroupPolicy?: string;
}

function outputsOf(record: PlacementGroupRecord, members: readonly { readonly id: number }[]): Properties {
  return {
    label: record.label,
    region: record.region,
    placementGroupType: record.type,
    placementGroupPolicy: record.policy,
    isCompliant: true,
    members: members.map(({ id }) => ({ linodeId: id, isCompliant: true })),
  };
}
