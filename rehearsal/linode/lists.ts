import type { Invoke, Properties } from "../plugin/resource.ts";
import { find, readAccount, refusal, type Account } from "./account.ts";
import type { DomainEntry } from "./domain-names.ts";
import { membersOf } from "./placement-group-members.ts";
import { integer, objects, optional, required, string, strings } from "./properties.ts";

/** A condition on what is listed: the attribute has one of the values. */
interface Filter {
  readonly name: string;
  readonly values: readonly string[];
}

const filters = optional(objects({ name: required(string), values: required(strings), matchBy: optional(string) }));

/** A list of all things of a kind, by filters on their attributes. */
function list(token: string, property: string, of: (account: Account) => readonly object[]): Invoke {
  return {
    token,
    arguments: { filters, order: optional(string), orderBy: optional(string) },
    call: (cloud, given) => Promise.resolve({ id: token, [property]: filtered(of(readAccount(cloud)), given) }),
  };
}

function filtered(things: readonly object[], { filters: wanted = [] }: Properties): readonly object[] {
  return things.filter((thing) =>
    (wanted as readonly Filter[]).every(({ name, values }) => values.includes(String(Reflect.get(thing, name)))),
  );
}

function domainOutputs({ id, name, ...rest }: DomainEntry): Properties {
  return { id, domain: name, type: "master", ...rest };
}

/** What lists an account's things, as people and programs look for what is there. */
export const lists: readonly Invoke[] = [
  list("linode:index/getInstances:getInstances", "instances", ({ instances }) =>
    instances
      .filter(({ madeBy }) => madeBy === undefined)
      .map(({ id, label, region, type, address }) => ({ id, label, region, type, ipv4s: [address] })),
  ),
  list("linode:index/getVolumes:getVolumes", "volumes", ({ volumes }) => volumes),
  list("linode:index/getFirewalls:getFirewalls", "firewalls", ({ firewalls }) => firewalls),
  list("linode:index/getVpcs:getVpcs", "vpcs", ({ vpcs }) => vpcs),
  list("linode:index/getPlacementGroups:getPlacementGroups", "placementGroups", ({ placementGroups }) =>
    placementGroups.map(({ id, label, region }) => ({ id, label, region })),
  ),
  list("linode:index/getNodebalancers:getNodebalancers", "nodebalancers", ({ balancers }) =>
    balancers.map(({ id, label, region, address }) => ({ id, label, region, ipv4: address })),
  ),
  list("linode:index/getDatabases:getDatabases", "databases", ({ databases }) =>
    databases
      .filter(({ madeBy }) => madeBy === undefined)
      .map(({ id, label, region, type, engineId }) => ({ id, label, region, type, engine: engineId.split("/")[0] })),
  ),
  {
    token: "linode:index/getPlacementGroup:getPlacementGroup",
    arguments: { id: required(integer) },
    call: (cloud, { id }) => {
      const account = readAccount(cloud);
      const { label, region } = find(account.placementGroups, id);
      const members = membersOf(account, Number(id)).map((one) => ({ linodeId: one.id, isCompliant: true }));
      return Promise.resolve({ id, label, region, isCompliant: true, members });
    },
  },
  {
    token: "linode:index/getLinodeObjectStorageBucket:getLinodeObjectStorageBucket",
    arguments: { label: required(string), region: optional(string), cluster: optional(string) },
    call: (cloud, given) => {
      const known = readAccount(cloud).buckets;
      const found = known.find(({ label, region }) => label === given["label"] && region === given["region"]);
      if (found === undefined) throw refusal(404, `Bucket ${String(given["label"])} was not found`);
      return Promise.resolve({ id: `${found.region}:${found.label}`, label: found.label, region: found.region });
    },
  },
  list("linode:index/getDomains:getDomains", "domains", ({ domains }) => domains.map(domainOutputs)),
  {
    token: "linode:index/getDomain:getDomain",
    arguments: { domain: optional(string), id: optional(integer) },
    call: (cloud, given) => {
      const { domains } = readAccount(cloud);
      const found = domains.find(({ id, name }) => id === given["id"] || name === given["domain"]);
      if (found === undefined) throw refusal(404, `Domain ${String(given["domain"] ?? given["id"])} was not found`);
      return Promise.resolve(domainOutputs(found));
    },
  },
  {
    token: "linode:index/getDomainRecord:getDomainRecord",
    arguments: { domainId: required(integer), id: optional(integer), name: optional(string) },
    call: (cloud, { domainId, id, name }) => {
      const own = readAccount(cloud).domainRecords.filter((one) => one.domainId === domainId);
      const found = own.find((one) => one.id === id || (id === undefined && one.name === name));
      if (found === undefined) throw refusal(404, `Domain record ${String(id ?? name)} was not found`);
      return Promise.resolve({ ...found });
    },
  },
  {
    token: "linode:index/getNodebalancerConfigs:getNodebalancerConfigs",
    arguments: { nodebalancerId: required(integer), filters, order: optional(string), orderBy: optional(string) },
    call: (cloud, given) => {
      const { nodebalancerId } = given;
      const own = readAccount(cloud).balancerConfigs.filter(({ balancerId }) => balancerId === nodebalancerId);
      const listed = own.map(({ balancerId, ...config }) => ({
        ...config,
        nodebalancerId: balancerId,
        protocol: "tcp",
      }));
      return Promise.resolve({ id: "configs", nodebalancerId, nodebalancerConfigs: filtered(listed, given) });
    },
  },
  {
    token: "linode:index/getVpcSubnets:getVpcSubnets",
    arguments: { vpcId: required(integer), filters },
    call: (cloud, given) => {
      const own = readAccount(cloud).subnets.filter(({ vpcId }) => vpcId === given["vpcId"]);
      return Promise.resolve({ id: "subnets", vpcId: given["vpcId"], vpcSubnets: filtered(own, given) });
    },
  },
  {
    token: "linode:index/getFirewall:getFirewall",
    arguments: { id: required(integer) },
    call: (cloud, { id }) => {
      const { firewalls, devices } = readAccount(cloud);
      const { label } = find(firewalls, id);
      const own = devices.filter(({ firewallId }) => firewallId === id);
      return Promise.resolve({ id, label, devices: own.map((device) => ({ ...device, type: device.entityType })) });
    },
  },
];
