import { applyBalancer, removeBalancer, removeUnknownBalancers } from "../balancer/balancer.ts";
import type { BalancerRecord } from "../balancer/record.ts";
import { addressOf, type Cloud } from "../cloud/cloud.ts";
import { publishHost } from "../internet/linode-names.ts";
import type { Fault, Properties, Resource } from "../plugin/resource.ts";
import { changeAccount, claimLabel, find, readAccount, refusal, takeId, timestamp, type Account } from "./account.ts";
import { applyFilter } from "./filter.ts";
import { addDevice } from "./firewall.ts";
import { balancerNetwork } from "./private-network.ts";
import { computed, integer, optional, replacing, string, strings } from "./properties.ts";
import { balancerLabel, checkLabel, checkRange, checkRegion, checkTags, refuseUnsupported } from "./rules.ts";

/** Addresses of the public network that NodeBalancers get: 198.51.100.224 to .239. */
const addresses = { first: 224, last: 239 };

interface BalancerInputs extends Properties {
  readonly label?: string;
  readonly region?: string;
  readonly clientConnThrottle?: number;
  readonly firewallId?: number;
}

/** A load balancer with an address of its own: HAProxy between the internet and the private network. */
export const nodeBalancer: Resource = {
  token: "linode:index/nodeBalancer:NodeBalancer",
  inputs: {
    label: optional(string),
    region: replacing(computed(string)),
    clientConnThrottle: computed(integer),
    clientUdpSessThrottle: computed(integer),
    firewallId: replacing(optional(integer)),
    tags: computed(strings),
  },
  secretOutputs: [],
  check: checkBalancer,
  create: async (cloud, inputs) => {
    const made = await changeAccount(cloud, async (account) => {
      await removeUnknownBalancers(cloud, account);
      const record = enter(cloud, account, inputs);
      try {
        await applyBalancer(cloud, account, record);
        await applyFilter(cloud, account);
        await publishHost(cloud, hostOf(record), record.address);
      } catch (error) {
        await removeBalancer(cloud, record);
        throw error;
      }
      return record;
    });
    return { id: String(made.id), outputs: outputsOf(readAccount(cloud), made, inputs) };
  },
  read: (cloud, id, outputs) => {
    const account = readAccount(cloud);
    const found = account.balancers.find((one) => String(one.id) === id);
    return Promise.resolve(found && outputsOf(account, found, outputs));
  },
  update: (cloud, { id, before, inputs }) =>
    changeAccount(cloud, async (account) => {
      const record = find(account.balancers, id);
      const { label = record.label, clientConnThrottle = record.throttle } = inputs as BalancerInputs;
      claimLabel(account.balancers, { label, id: record.id }, "NodeBalancers");
      Object.assign(record, { label, throttle: clientConnThrottle });
      await applyBalancer(cloud, account, record);
      return outputsOf(account, record, { ...before, ...inputs });
    }),
  remove: async (cloud, id) => {
    const record = readAccount(cloud).balancers.find((one) => String(one.id) === id);
    if (record === undefined) return;
    await changeAccount(cloud, async (account) => {
      await removeBalancer(cloud, record);
      account.balancers = account.balancers.filter((one) => one.id !== record.id);
      account.balancerConfigs = account.balancerConfigs.filter(({ balancerId }) => balancerId !== record.id);
      account.balancerNodes = account.balancerNodes.filter(({ balancerId }) => balancerId !== record.id);
      account.devices = account.devices.filter(({ entityId }) => entityId !== record.id);
      await applyFilter(cloud, account);
      // Within the lock, since the next one may get the same address and so the same name.
      await publishHost(cloud, hostOf(record), undefined);
    });
  },
};

function checkBalancer(inputs: Properties): Fault[] {
  return [
    ...checkLabel(inputs["label"], balancerLabel),
    ...checkRegion(inputs["region"]),
    ...checkRange("clientConnThrottle", inputs["clientConnThrottle"], [0, 20]),
    ...checkTags(inputs["tags"]),
    ...refuseUnsupported(inputs, ["clientUdpSessThrottle"]),
  ];
}

function enter(cloud: Cloud, account: Account, inputs: Properties): BalancerRecord {
  const id = takeId(account);
  const wanted = inputs as BalancerInputs;
  const { region = "us-east", label = `balancer${String(id)}`, clientConnThrottle = 0, firewallId } = wanted;
  claimLabel(account.balancers, { label }, "NodeBalancers");
  const last = freeNumber(cloud, account);
  const record: BalancerRecord = {
    ...{ id, label, region },
    address: addressOf(cloud, last),
    source: balancerNetwork.replace(/\.0\/24$/, `.${String(last)}`),
    throttle: clientConnThrottle,
    created: timestamp(),
  };
  account.balancers.push(record);
  if (firewallId !== undefined) addDevice(account, { firewallId, entityId: id, entityType: "nodebalancer" });
  return record;
}

function freeNumber(cloud: Cloud, account: Account): number {
  for (let last = addresses.first; last <= addresses.last; last += 1) {
    if (!account.balancers.some(({ address }) => address === addressOf(cloud, last))) return last;
  }
  throw refusal(400, "The rehearsal's public network has no free address for another NodeBalancer");
}

/** The name that the vendor gives an address. */
function hostOf({ address }: BalancerRecord): string {
  return `${address.replaceAll(".", "-")}.ip.linodeusercontent.com`;
}

function outputsOf(account: Account, record: BalancerRecord, inputs: Properties): Properties {
  const { id, label, region, address, throttle, created } = record;
  const wall = account.devices.find(({ entityId }) => entityId === id);
  const firewall = account.firewalls.find((one) => one.id === wall?.firewallId);
  return {
    label: inputs["label"] === undefined ? undefined : label,
    region,
    clientConnThrottle: throttle,
    clientUdpSessThrottle: 0,
    firewallId: inputs["firewallId"],
    tags: inputs["tags"] ?? [],
    ipv4: address,
    ipv6: `2001:db8:1::${(id % 65_536).toString(16)}`,
    hostname: hostOf(record),
    created,
    updated: created,
    transfers: [{ in: 0, out: 0, total: 0 }],
    firewalls: firewall === undefined ? [] : [{ ...firewall, status: firewall.disabled ? "disabled" : "enabled" }],
  };
}
