import { applyBalancer, nodeStatuses } from "../balancer/balancer.ts";
import { nodeName, type NodeStatus } from "../balancer/configuration.ts";
import type { BalancerNodeRecord } from "../balancer/record.ts";
import type { Cloud } from "../cloud/cloud.ts";
import type { Fault, Properties, Resource } from "../plugin/resource.ts";
import { UNKNOWN } from "../plugin/values.ts";
import { changeAccount, find, readAccount, refusal, takeId, type Account } from "./account.ts";
import { computed, integer, replacing, required, string } from "./properties.ts";
import { checkChoice, checkLabel, checkRange, nodeLabel } from "./rules.ts";

interface NodeInputs extends Properties {
  readonly nodebalancerId: number;
  readonly configId: number;
  readonly label: string;
  readonly address: string;
  readonly weight?: number;
  readonly mode?: BalancerNodeRecord["mode"];
}

const usual = { weight: 50, mode: "accept" } as const;

/** A server's port that a NodeBalancer leads to. */
export const nodeBalancerNode: Resource = {
  token: "linode:index/nodeBalancerNode:NodeBalancerNode",
  inputs: {
    nodebalancerId: replacing(required(integer)),
    configId: replacing(required(integer)),
    label: required(string),
    address: required(string),
    weight: computed(integer),
    mode: computed(string),
  },
  secretOutputs: [],
  check: ({ label, address, weight, mode }) => [
    ...checkLabel(label, nodeLabel),
    ...checkAddress(address),
    ...checkRange("weight", weight, [1, 255]),
    ...checkChoice("mode", mode, ["accept", "reject", "drain", "backup"]),
  ],
  create: async (cloud, inputs) => {
    const wanted = inputs as NodeInputs;
    const made = await changeAccount(cloud, async (account) => {
      const balancer = find(account.balancers, wanted.nodebalancerId, "nodebalancer_id");
      const config = find(account.balancerConfigs, wanted.configId, "config_id");
      if (config.balancerId !== balancer.id) throw refusal(404, `Not found: ${String(config.id)}`, "config_id");
      const { label, address, weight = usual.weight, mode = usual.mode } = wanted;
      const ids = { id: takeId(account), balancerId: balancer.id, configId: config.id };
      const record: BalancerNodeRecord = { ...ids, label, address, weight, mode };
      refuseForeign(account, record);
      account.balancerNodes.push(record);
      await applyBalancer(cloud, account, balancer);
      return record;
    });
    // Not checked yet, as the vendor says. An answer at once leaves no time for what nobody could find again.
    return { id: String(made.id), outputs: outputsOf(made, "unknown") };
  },
  read: (cloud, id) => {
    const found = readAccount(cloud).balancerNodes.find((one) => String(one.id) === id);
    return found === undefined ? Promise.resolve(undefined) : checkedOutputs(cloud, found);
  },
  update: async (cloud, { id, inputs }) => {
    const record = await changeAccount(cloud, async (account) => {
      const known = find(account.balancerNodes, id);
      const { label, address, weight = known.weight, mode = known.mode } = inputs as NodeInputs;
      Object.assign(known, { label, address, weight, mode });
      refuseForeign(account, known);
      await applyBalancer(cloud, account, find(account.balancers, known.balancerId));
      return known;
    });
    return checkedOutputs(cloud, record);
  },
  remove: (cloud, id) =>
    changeAccount(cloud, async (account) => {
      const record = account.balancerNodes.find((one) => String(one.id) === id);
      if (record === undefined) return;
      account.balancerNodes = account.balancerNodes.filter((one) => one !== record);
      await applyBalancer(cloud, account, find(account.balancers, record.balancerId));
    }),
};

function checkAddress(address: unknown): Fault[] {
  if (typeof address !== "string" || address === UNKNOWN) return [];
  const [, port] = /^192\.168(?:\.\d{1,3}){2}:(\d{1,5})$/.exec(address) ?? [];
  if (port !== undefined && Number(port) >= 1 && Number(port) <= 65_535) return [];
  const reason = `"${address}" must be a Linode's private IPv4 address and a port, for example 192.168.224.10:80`;
  return [{ property: "address", reason }];
}

/** @throws where an address is not that of a server of the account in the NodeBalancer's region */
function refuseForeign(account: Account, { balancerId, address }: BalancerNodeRecord): void {
  const { region } = find(account.balancers, balancerId);
  const [host] = address.split(":");
  const server = account.instances.find(({ privateAddress }) => privateAddress === host);
  if (server === undefined)
    throw refusal(400, `${address} is no private address of a Linode of this account`, "address");
  if (server.region !== region) {
    throw refusal(400, `Linode "${server.label}" is in ${server.region}, the NodeBalancer in ${region}`, "address");
  }
}

async function checkedOutputs(cloud: Cloud, record: BalancerNodeRecord): Promise<Properties> {
  const statuses = await nodeStatuses(cloud, find(readAccount(cloud).balancers, record.balancerId));
  return outputsOf(record, statuses[nodeName(record)] ?? "unknown");
}

function outputsOf(record: BalancerNodeRecord, status: NodeStatus): Properties {
  const { balancerId, configId, label, address, weight, mode } = record;
  return { nodebalancerId: balancerId, configId, label, address, weight, mode, status };
}
