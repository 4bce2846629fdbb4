import type { Vendor } from "@landfall/infra/settings/tokens";
import { isRecord } from "./record.ts";

/** Inputs of a resource by their names. */
export type Inputs = Readonly<Record<string, unknown>>;

/** How something that was being made is looked for at its vendor. */
export interface Search {
  readonly vendor: Vendor;
  readonly token: string;
  readonly args: (inputs: Inputs) => Record<string, unknown>;
  /** Its id, out of the answer; undefined when it is not there. */
  readonly found: (answer: Record<string, unknown>, inputs: Inputs) => string | undefined;
}

const withLabel = ({ label }: Inputs): Record<string, unknown> => ({ filters: [{ name: "label", values: [label] }] });
const records = (list: unknown): Record<string, unknown>[] => (Array.isArray(list) ? list.filter(isRecord) : []);
const only = (list: unknown): Record<string, unknown> | undefined => {
  const found = records(list);
  return found.length === 1 ? found[0] : undefined;
};
const idOf = (record: Record<string, unknown> | undefined): string | undefined =>
  record === undefined ? undefined : String(record["id"]);

function byLabel(type: string, list: string): Search {
  const token = `linode:index/${type}:${type}`;
  return { vendor: "linode", token, args: withLabel, found: (answer) => idOf(only(answer[list])) };
}

/**
 * Searches by the type of what is searched. Labels are unique in an account, and a record is known by its zone, name
 * and type: so what is found is ours.
 *
 * There is no way to look for a NodeBalancer's nodes, for keys to the object storage, or for an origin's certificate
 * without its zone. A second one of each can be made, and the first stays: a node until its server is gone, the others
 * until somebody removes them.
 */
export const searches: Readonly<Record<string, Search>> = {
  "linode:index/instance:Instance": byLabel("getInstances", "instances"),
  "linode:index/volume:Volume": byLabel("getVolumes", "volumes"),
  "linode:index/firewall:Firewall": byLabel("getFirewalls", "firewalls"),
  "linode:index/vpc:Vpc": byLabel("getVpcs", "vpcs"),
  "linode:index/placementGroup:PlacementGroup": byLabel("getPlacementGroups", "placementGroups"),
  "linode:index/nodeBalancer:NodeBalancer": byLabel("getNodebalancers", "nodebalancers"),
  "linode:index/databasePostgresqlV2:DatabasePostgresqlV2": byLabel("getDatabases", "databases"),
  "linode:index/vpcSubnet:VpcSubnet": {
    ...byLabel("getVpcSubnets", "vpcSubnets"),
    args: (inputs) => ({ vpcId: inputs["vpcId"], ...withLabel(inputs) }),
  },
  "linode:index/firewallDevice:FirewallDevice": {
    vendor: "linode",
    token: "linode:index/getFirewall:getFirewall",
    args: ({ firewallId }) => ({ id: firewallId }),
    found: ({ devices }, { entityId }) => idOf(only(records(devices).filter((one) => one["entityId"] === entityId))),
  },
  "linode:index/placementGroupAssignment:PlacementGroupAssignment": {
    vendor: "linode",
    token: "linode:index/getPlacementGroup:getPlacementGroup",
    args: ({ placementGroupId }) => ({ id: placementGroupId }),
    found: ({ members }, { placementGroupId, linodeId }) =>
      records(members).some((one) => one["linodeId"] === linodeId)
        ? `${String(placementGroupId)}:${String(linodeId)}`
        : undefined,
  },
  "linode:index/nodeBalancerConfig:NodeBalancerConfig": {
    vendor: "linode",
    token: "linode:index/getNodebalancerConfigs:getNodebalancerConfigs",
    args: ({ nodebalancerId }) => ({ nodebalancerId }),
    found: ({ nodebalancerConfigs }, { port = 80 }) =>
      idOf(only(records(nodebalancerConfigs).filter((one) => one["port"] === port))),
  },
  "linode:index/objectStorageBucket:ObjectStorageBucket": {
    vendor: "linode",
    token: "linode:index/getLinodeObjectStorageBucket:getLinodeObjectStorageBucket",
    args: ({ label, region }) => ({ label, region }),
    found: ({ label }, inputs) =>
      label === inputs["label"] ? `${String(inputs["region"])}:${String(inputs["label"])}` : undefined,
  },
  "linode:index/domain:Domain": {
    vendor: "linode",
    token: "linode:index/getDomains:getDomains",
    args: ({ domain }) => ({ filters: [{ name: "domain", values: [domain] }] }),
    found: ({ domains }) => idOf(only(domains)),
  },
  "linode:index/domainRecord:DomainRecord": {
    vendor: "linode",
    token: "linode:index/getDomainRecord:getDomainRecord",
    args: ({ domainId, name = "" }) => ({ domainId, name }),
    // By its name alone another one may be found, a record of the same name and another type or target.
    found: (answer, { recordType, target }) =>
      answer["type"] === recordType && answer["target"] === target ? idOf(answer) : undefined,
  },
  "cloudflare:index/dnsRecord:DnsRecord": {
    vendor: "cloudflare",
    token: "cloudflare:index/getDnsRecords:getDnsRecords",
    args: ({ zoneId, name, type }) => ({ zoneId, name: { exact: name }, type }),
    found: ({ results }) => idOf(only(results)),
  },
  "cloudflare:index/ruleset:Ruleset": {
    vendor: "cloudflare",
    token: "cloudflare:index/getRulesets:getRulesets",
    args: ({ zoneId }) => ({ zoneId }),
    found: ({ rulesets }, { phase, kind }) =>
      idOf(only(records(rulesets).filter((one) => one["phase"] === phase && one["kind"] === kind))),
  },
};

/**
 * Whether a vendor's error only says that something is not there: functions that give one thing answer so.
 *
 * @param error in the vendor's words, `[404] Not found`
 */
export function saysNotThere(error: unknown): boolean {
  return error instanceof Error && /\[404\]|not found|no .* found/i.test(error.message);
}
