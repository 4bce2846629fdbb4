import type { Properties, Resource } from "../plugin/resource.ts";
import { changeAccount, find, readAccount } from "./account.ts";
import { joinGroup } from "./placement-group-members.ts";
import { boolean, integer, optional, replacing, required } from "./properties.ts";

/** That a server is one of a placement group. Its id names both: `7:4100001`. */
export const placementGroupAssignment: Resource = {
  token: "linode:index/placementGroupAssignment:PlacementGroupAssignment",
  inputs: {
    placementGroupId: replacing(required(integer)),
    linodeId: replacing(required(integer)),
    compliantOnly: replacing(optional(boolean)),
  },
  secretOutputs: [],
  check: () => [],
  create: async (cloud, inputs) => {
    const { placementGroupId, linodeId } = inputs as unknown as Assignment;
    await changeAccount(cloud, (account) => {
      joinGroup(account, find(account.instances, linodeId, "linode_id"), { id: placementGroupId });
    });
    return { id: `${String(placementGroupId)}:${String(linodeId)}`, outputs: inputs };
  },
  read: (cloud, id, outputs) => {
    const { placementGroupId, linodeId } = assignmentOf(id);
    const server = readAccount(cloud).instances.find((one) => one.id === linodeId);
    if (server?.placementGroupId !== placementGroupId) return Promise.resolve(undefined);
    return Promise.resolve({ ...outputs, placementGroupId, linodeId });
  },
  // Every change makes another one.
  update: (_, { before, inputs }) => Promise.resolve({ ...before, ...inputs }),
  remove: (cloud, id) =>
    changeAccount(cloud, (account) => {
      const { placementGroupId, linodeId } = assignmentOf(id);
      const server = account.instances.find((one) => one.id === linodeId);
      if (server?.placementGroupId === placementGroupId) delete server.placementGroupId;
    }),
};

interface Assignment {
  readonly placementGroupId: number;
  readonly linodeId: number;
}

function assignmentOf(id: string): Assignment & Properties {
  const [group = "", linode = ""] = id.split(":");
  return { placementGroupId: Number(group), linodeId: Number(linode) };
}
