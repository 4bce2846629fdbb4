import type { Invoke, Properties } from "../plugin/resource.ts";
import { find, readAccount, type Account } from "./account.ts";
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

/** What lists an account's things, as people and programs look for what is there. */
export const lists: readonly Invoke[] = [
  list("linode:index/getInstances:getInstances", "instances", ({ instances }) =>
    instances.map(({ id, label, region, type, address }) => ({ id, label, region, type, ipv4s: [address] })),
  ),
  list("linode:index/getVolumes:getVolumes", "volumes", ({ volumes }) => volumes),
  list("linode:index/getFirewalls:getFirewalls", "firewalls", ({ firewalls }) => firewalls),
  list("linode:index/getVpcs:getVpcs", "vpcs", ({ vpcs }) => vpcs),
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
      return Promise.resolve({ id, label, devices: own.map((device) => ({ ...device, type: "linode" })) });
    },
  },
];
