import type { Fault, Properties, Resource } from "../plugin/resource.ts";
import { UNKNOWN } from "../plugin/values.ts";
import { find, readAccount, refusal, takeId, type Account } from "./account.ts";
import { changeNames, type DomainEntry } from "./domain-names.ts";
import { computed, integer, optional, replacing, required, string, strings } from "./properties.ts";
import { checkChoice, checkTags, checkTtl, refuseUnsupported } from "./rules.ts";

interface DomainInputs extends Properties {
  readonly domain: string;
  readonly soaEmail: string;
  readonly ttlSec?: number;
  readonly refreshSec?: number;
  readonly retrySec?: number;
  readonly expireSec?: number;
  readonly status?: string;
}

const times = ["ttlSec", "refreshSec", "retrySec", "expireSec"] as const;

/** A domain that the vendor's name servers answer for. */
export const domain: Resource = {
  token: "linode:index/domain:Domain",
  inputs: {
    domain: required(string),
    type: replacing(required(string)),
    soaEmail: optional(string),
    status: computed(string),
    description: optional(string),
    group: optional(string),
    tags: computed(strings),
    ttlSec: computed(integer),
    refreshSec: computed(integer),
    retrySec: computed(integer),
    expireSec: computed(integer),
    axfrIps: optional(strings),
    masterIps: optional(strings),
  },
  secretOutputs: [],
  check: checkDomain,
  create: async (cloud, inputs) => {
    const made = await changeNames(cloud, (account) => {
      const record: DomainEntry = { id: takeId(account), ...stored(inputs as DomainInputs) };
      claimName(account, record);
      account.domains.push(record);
      return record;
    });
    return { id: String(made.id), outputs: outputsOf(made, inputs) };
  },
  read: (cloud, id, outputs) => {
    const found = readAccount(cloud).domains.find((one) => String(one.id) === id);
    return Promise.resolve(found && outputsOf(found, outputs));
  },
  update: (cloud, { id, before, inputs }) =>
    changeNames(cloud, (account) => {
      const record = find(account.domains, id);
      const kept = Object.fromEntries(["status", "tags", ...times].map((name) => [name, before[name]]));
      const wanted = { ...kept, ...inputs };
      Object.assign(record, stored(wanted as unknown as DomainInputs));
      claimName(account, record);
      return outputsOf(record, wanted);
    }),
  remove: (cloud, id) =>
    changeNames(cloud, (account) => {
      account.domains = account.domains.filter((one) => String(one.id) !== id);
      account.domainRecords = account.domainRecords.filter(({ domainId }) => String(domainId) !== id);
    }),
};

// https://techdocs.akamai.com/linode-api/reference/post-domain
function checkDomain(inputs: Properties): Fault[] {
  const { domain: name, type, soaEmail } = inputs;
  const faults = [
    ...checkChoice("type", type, ["master", "slave"]),
    ...checkChoice("status", inputs["status"], ["active", "disabled"]),
    ...checkTags(inputs["tags"]),
    ...times.flatMap((time) => checkTtl(time, inputs[time])),
    ...refuseUnsupported(inputs, ["axfrIps", "masterIps"]),
  ];
  const add = (property: string, reason: string): void => void faults.push({ property, reason });
  if (type === "slave") add("type", "the rehearsal stands in for master domains only");
  if (type === "master" && soaEmail === undefined) add("soaEmail", "is required for a master domain");
  if (typeof soaEmail === "string" && soaEmail !== UNKNOWN && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(soaEmail)) {
    add("soaEmail", `"${soaEmail}" is no email address`);
  }
  if (typeof name === "string" && name !== UNKNOWN && !/^(?=.{1,253}$)([a-z0-9_-]{1,63}\.)+[a-z]{2,63}$/i.test(name)) {
    add("domain", `"${name}" is no domain name such as example.com`);
  }
  return faults;
}

function claimName({ domains }: Account, { id, name }: DomainEntry): void {
  if (domains.some((one) => one.name === name && one.id !== id)) {
    throw refusal(400, "DNS zone already exists.", "domain");
  }
}

function stored(inputs: DomainInputs): Omit<DomainEntry, "id"> {
  const { domain: name, soaEmail, status = "active" } = inputs;
  const { ttlSec = 0, refreshSec = 0, retrySec = 0, expireSec = 0 } = inputs;
  return { name: name.toLowerCase(), soaEmail, status, ttlSec, refreshSec, retrySec, expireSec };
}

function outputsOf({ id: _id, name, ...record }: DomainEntry, inputs: Properties): Properties {
  return {
    ...record,
    domain: name,
    type: "master",
    description: inputs["description"],
    group: inputs["group"],
    tags: inputs["tags"] ?? [],
  };
}
