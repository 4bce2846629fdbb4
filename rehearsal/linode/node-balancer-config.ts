import { applyBalancer, nodeStatuses, portsOf } from "../balancer/balancer.ts";
import { nodeName } from "../balancer/configuration.ts";
import type { BalancerConfigRecord } from "../balancer/record.ts";
import type { Cloud } from "../cloud/cloud.ts";
import type { Fault, Properties, Property, Resource } from "../plugin/resource.ts";
import { changeAccount, find, readAccount, refusal, takeId, type Account } from "./account.ts";
import { boolean, computed, integer, optional, replacing, required, string } from "./properties.ts";
import { checkChoice, checkRange, refuseUnsupported } from "./rules.ts";

/** The vendor's own choices where none is given. */
const usual = {
  port: 80,
  proxyProtocol: "none",
  algorithm: "roundrobin",
  stickiness: "none",
  check: "none",
  checkInterval: 5,
  checkTimeout: 3,
  checkAttempts: 2,
} as const;

const secret = (property: Property): Property => ({ ...property, secret: true });

type ConfigSettings = Omit<BalancerConfigRecord, "id" | "balancerId">;

/** A port of a NodeBalancer. A rehearsal passes TCP connections on as they are; it has no HTTP of its own. */
export const nodeBalancerConfig: Resource = {
  token: "linode:index/nodeBalancerConfig:NodeBalancerConfig",
  inputs: {
    nodebalancerId: replacing(required(integer)),
    port: computed(integer),
    protocol: computed(string),
    proxyProtocol: computed(string),
    algorithm: computed(string),
    stickiness: computed(string),
    check: computed(string),
    checkInterval: computed(integer),
    checkTimeout: computed(integer),
    checkAttempts: computed(integer),
    checkPassive: computed(boolean),
    checkPath: computed(string),
    checkBody: computed(string),
    cipherSuite: computed(string),
    sslCert: secret(optional(string)),
    sslKey: secret(optional(string)),
    udpCheckPort: computed(integer),
  },
  secretOutputs: ["sslCert", "sslKey"],
  check: checkConfig,
  create: async (cloud, inputs) => {
    const made = await changeAccount(cloud, async (account) => {
      const balancer = find(account.balancers, inputs["nodebalancerId"], "nodebalancer_id");
      const record: BalancerConfigRecord = { id: takeId(account), balancerId: balancer.id, ...settingsOf(inputs) };
      claimPort(account, record);
      account.balancerConfigs.push(record);
      await applyBalancer(cloud, account, balancer);
      return record;
    });
    return { id: String(made.id), outputs: await outputsOf(cloud, made, inputs) };
  },
  read: (cloud, id, outputs) => {
    const found = readAccount(cloud).balancerConfigs.find((one) => String(one.id) === id);
    return found === undefined ? Promise.resolve(undefined) : outputsOf(cloud, found, outputs);
  },
  update: async (cloud, { id, before, inputs }) => {
    const wanted = { ...before, ...inputs };
    const record = await changeAccount(cloud, async (account) => {
      const known = find(account.balancerConfigs, id);
      Object.assign(known, settingsOf(wanted));
      claimPort(account, known);
      await applyBalancer(cloud, account, find(account.balancers, known.balancerId));
      return known;
    });
    return outputsOf(cloud, record, wanted);
  },
  remove: (cloud, id) =>
    changeAccount(cloud, async (account) => {
      const record = account.balancerConfigs.find((one) => String(one.id) === id);
      if (record === undefined) return;
      account.balancerConfigs = account.balancerConfigs.filter((one) => one !== record);
      account.balancerNodes = account.balancerNodes.filter(({ configId }) => configId !== record.id);
      await applyBalancer(cloud, account, find(account.balancers, record.balancerId));
    }),
};

// https://techdocs.akamai.com/linode-api/reference/post-node-balancer-config
function checkConfig(inputs: Properties): Fault[] {
  const { protocol = "http", stickiness, check } = inputs;
  const { checkInterval = usual.checkInterval, checkTimeout = usual.checkTimeout } = inputs;
  const faults = [
    ...checkRange("port", inputs["port"], [1, 65_535]),
    ...checkChoice("protocol", protocol, ["tcp", "http", "https", "udp"]),
    ...checkChoice("proxyProtocol", inputs["proxyProtocol"], ["none", "v1", "v2"]),
    ...checkChoice("algorithm", inputs["algorithm"], ["roundrobin", "leastconn", "source"]),
    ...checkChoice("stickiness", stickiness, ["none", "table", "http_cookie"]),
    ...checkChoice("check", check, ["none", "connection", "http", "http_body"]),
    ...checkRange("checkInterval", checkInterval, [2, 3600]),
    ...checkRange("checkTimeout", checkTimeout, [1, 30]),
    ...checkRange("checkAttempts", inputs["checkAttempts"], [1, 30]),
    ...refuseUnsupported(inputs, ["checkPath", "checkBody", "cipherSuite", "sslCert", "sslKey", "udpCheckPort"]),
  ];
  const add = (property: string, reason: string): void => void faults.push({ property, reason });
  if (["http", "https", "udp"].includes(String(protocol))) {
    add("protocol", `is "${String(protocol)}"; the rehearsal stands in for "tcp" only, and "http" is what none means`);
  }
  if (stickiness === "http_cookie") add("stickiness", 'http_cookie needs the protocol "http" or "https"');
  if (check === "http" || check === "http_body") add("check", "the rehearsal stands in for none and connection only");
  if (typeof checkInterval === "number" && typeof checkTimeout === "number" && checkTimeout >= checkInterval) {
    add("checkTimeout", `${String(checkTimeout)} must be less than checkInterval, ${String(checkInterval)}`);
  }
  return faults;
}

function settingsOf(inputs: Properties): ConfigSettings {
  const names = Object.keys(usual) as (keyof typeof usual)[];
  return Object.fromEntries(names.map((name) => [name, inputs[name] ?? usual[name]])) as unknown as ConfigSettings;
}

function claimPort(account: Account, { id, balancerId, port }: BalancerConfigRecord): void {
  const taken = account.balancerConfigs.some(
    (one) => one.balancerId === balancerId && one.port === port && one.id !== id,
  );
  if (taken) throw refusal(400, `Port ${String(port)} is in use by another configuration of this NodeBalancer`, "port");
}

async function outputsOf(cloud: Cloud, record: BalancerConfigRecord, inputs: Properties): Promise<Properties> {
  const account = readAccount(cloud);
  const { id, balancerId, ...settings } = record;
  const balancer = find(account.balancers, balancerId);
  const known = await nodeStatuses(cloud, balancer);
  const nodes = portsOf(account, balancer).find(({ config }) => config.id === id)?.nodes ?? [];
  const count = (status: string): number => nodes.filter((node) => known[nodeName(node)] === status).length;
  return {
    ...settings,
    nodebalancerId: balancerId,
    protocol: "tcp",
    checkPassive: inputs["checkPassive"] ?? true,
    checkPath: "",
    checkBody: "",
    cipherSuite: "recommended",
    udpCheckPort: 80,
    udpSessionTimeout: 0,
    sslCommonname: "",
    sslFingerprint: "",
    nodeStatuses: [{ up: count("UP"), down: count("DOWN") }],
  };
}
