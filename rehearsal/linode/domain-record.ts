import { isIPv4, isIPv6 } from "node:net";
import type { Fault, Properties, Resource } from "../plugin/resource.ts";
import { UNKNOWN } from "../plugin/values.ts";
import { find, readAccount, refusal, takeId, type Account } from "./account.ts";
import { changeNames, type DomainRecordEntry } from "./domain-names.ts";
import { computed, integer, optional, replacing, required, string } from "./properties.ts";
import { checkChoice, checkRange, checkTtl } from "./rules.ts";

const recordTypes = ["A", "AAAA", "CAA", "CNAME", "MX", "NS", "SRV", "TXT"] as const;

interface RecordInputs extends Properties {
  readonly domainId: number;
  readonly recordType: DomainRecordEntry["type"];
  readonly target: string;
  readonly name?: string;
  readonly ttlSec?: number;
}

/** A record of a domain. */
export const domainRecord: Resource = {
  token: "linode:index/domainRecord:DomainRecord",
  inputs: {
    domainId: replacing(required(integer)),
    recordType: replacing(required(string)),
    target: required(string),
    name: computed(string),
    ttlSec: computed(integer),
    priority: computed(integer),
    weight: computed(integer),
    port: computed(integer),
    service: optional(string),
    protocol: optional(string),
    tag: optional(string),
  },
  secretOutputs: [],
  check: checkRecord,
  create: async (cloud, inputs) => {
    const made = await changeNames(cloud, (account) => {
      const { domainId } = inputs as RecordInputs;
      find(account.domains, domainId, "domain_id");
      const record: DomainRecordEntry = { id: takeId(account), domainId, ...stored(inputs as RecordInputs) };
      refuseConflict(account, record);
      account.domainRecords.push(record);
      return record;
    });
    return { id: String(made.id), outputs: outputsOf(made, inputs) };
  },
  read: (cloud, id, outputs) => {
    const found = readAccount(cloud).domainRecords.find((one) => String(one.id) === id);
    return Promise.resolve(found && outputsOf(found, outputs));
  },
  update: (cloud, { id, before, inputs }) =>
    changeNames(cloud, (account) => {
      const known = find(account.domainRecords, id);
      const names = ["name", "ttlSec", "priority", "weight", "port"];
      const kept = Object.fromEntries(names.map((name) => [name, before[name]]));
      const wanted = { ...kept, ...inputs };
      const record: DomainRecordEntry = {
        id: known.id,
        domainId: known.domainId,
        ...stored(wanted as unknown as RecordInputs),
      };
      account.domainRecords = account.domainRecords.filter((one) => one !== known);
      refuseConflict(account, record);
      account.domainRecords.push(record);
      return outputsOf(record, wanted);
    }),
  remove: (cloud, id) =>
    changeNames(cloud, (account) => {
      account.domainRecords = account.domainRecords.filter((one) => String(one.id) !== id);
    }),
};

// https://techdocs.akamai.com/linode-api/reference/post-domain-record
function checkRecord(inputs: Properties): Fault[] {
  const { recordType: type, target, name, tag } = inputs;
  const faults = [
    ...checkChoice("recordType", type, recordTypes),
    ...checkTtl("ttlSec", inputs["ttlSec"]),
    ...checkRange("priority", inputs["priority"], [0, 255]),
    ...checkRange("weight", inputs["weight"], [0, 65_535]),
    ...checkRange("port", inputs["port"], [0, 65_535]),
    ...checkChoice("tag", tag, ["issue", "issuewild", "iodef"]),
  ];
  const add = (property: string, reason: string): void => void faults.push({ property, reason });
  if (typeof target === "string" && target !== UNKNOWN) {
    if (type === "A" && !isIPv4(target)) add("target", `"${target}" is no IPv4 address`);
    if (type === "AAAA" && !isIPv6(target)) add("target", `"${target}" is no IPv6 address`);
  }
  if (type === "CAA" && tag === undefined) add("tag", "is required for a CAA record");
  if (type !== "CAA" && tag !== undefined) add("tag", "only a CAA record has one");
  if (type === "SRV" && inputs["service"] === undefined) add("service", "is required for an SRV record");
  if (type === "SRV" && inputs["protocol"] === undefined) add("protocol", "is required for an SRV record");
  if (typeof name === "string" && name !== UNKNOWN && name.length > 100) add("name", "has more than 100 characters");
  return faults;
}

/** @throws where a name would be an alias and something else besides, or a record would be there twice */
function refuseConflict({ domainRecords }: Account, record: DomainRecordEntry): void {
  const others = domainRecords.filter(({ domainId, name }) => domainId === record.domainId && name === record.name);
  if (others.some(({ type, target }) => type === record.type && target === record.target)) {
    throw refusal(400, `A record of this type, name and target exists already: ${record.type} ${record.target}`);
  }
  const alias = [record, ...others].some(({ type }) => type === "CNAME");
  if (alias && others.length > 0) {
    throw refusal(400, `A CNAME record must be the only one of its name: "${record.name}"`, "hostname");
  }
}

function stored(inputs: RecordInputs): Omit<DomainRecordEntry, "id" | "domainId"> {
  const { recordType: type, target, name = "", ttlSec = 0 } = inputs;
  const own = (["priority", "weight", "port", "service", "protocol", "tag"] as const).filter(
    (key) => inputs[key] !== undefined,
  );
  return { type, target, name, ttlSec, ...Object.fromEntries(own.map((key) => [key, inputs[key]])) };
}

function outputsOf({ id: _id, type, ...record }: DomainRecordEntry, inputs: Properties): Properties {
  const named = inputs["name"] === undefined && record.name === "" ? {} : { name: record.name };
  return { priority: 0, weight: 0, port: 0, ...record, ...named, recordType: type };
}
