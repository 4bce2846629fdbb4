import { find, refusal, type Account, type InstanceRecord } from "./account.ts";
import type { GroupMembership } from "./instance-outputs.ts";

/**
 * The machines of a data center that a rehearsal pretends: so many servers of a group can each have one of their own,
 * as the vendor's limit says. https://techdocs.akamai.com/cloud-computing/docs/work-with-placement-groups
 */
export const mostMembers = 10;

/** The servers of a placement group. */
export function membersOf(account: Account, groupId: number): InstanceRecord[] {
  return account.instances.filter(({ placementGroupId }) => placementGroupId === groupId);
}

/**
 * Makes a server one of a placement group.
 *
 * @throws the vendor's refusal when the group is full or elsewhere, or the server is in another one
 */
export function joinGroup(account: Account, server: InstanceRecord, { id }: GroupMembership): void {
  const group = find(account.placementGroups, id, "placement_group.id");
  if (server.placementGroupId === group.id) return;
  if (group.region !== server.region) {
    const regions = `the group is in ${group.region}, the Linode in ${server.region}`;
    throw refusal(400, `Placement group and Linode must be in the same region; ${regions}`, "placement_group.id");
  }
  if (server.placementGroupId !== undefined) {
    const other = find(account.placementGroups, server.placementGroupId);
    throw refusal(
      400,
      `Linode "${server.label}" is in placement group "${other.label}" already; it can be in one only`,
    );
  }
  const members = membersOf(account, group.id).length;
  if (members >= mostMembers) {
    throw refusal(
      400,
      `Placement group "${group.label}" has ${String(members)} Linodes; at most ${String(mostMembers)}`,
    );
  }
  server.placementGroupId = group.id;
}
