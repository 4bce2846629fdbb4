import type { DnsRecordState } from "@pulumi/cloudflare";
import type { Cloud } from "../cloud/cloud.ts";
import { checkRecord, isHostname, type RecordRequest } from "../internet/record-rules.ts";
import { isWithin, type DnsRecord, type Zone } from "../internet/zone.ts";
import type { Fault, Properties, Resource } from "../plugin/resource.ts";
import { callApi, isGone } from "./client.ts";
import { dnsRecordInputs } from "./dns-record-inputs.ts";
import { camel, rename, snake } from "./letter-case.ts";
import { setUnknownAside } from "./unknown.ts";

/** `cloudflare.DnsRecord`. */
export const dnsRecord: Resource = {
  token: "cloudflare:index/dnsRecord:DnsRecord",
  inputs: dnsRecordInputs,
  secretOutputs: [],
  check: checkDnsRecord,
  create: async (cloud, inputs) => {
    await refuseOtherZone(cloud, inputs);
    const path = `/zones/${zoneOf(inputs)}/dns_records`;
    const record = (await callApi(cloud, { method: "POST", path, body: bodyOf(inputs) })) as DnsRecord;
    return { id: record.id, outputs: outputsOf(record, inputs) };
  },
  read: async (cloud, id, outputs) => {
    const place = placeOf(id, outputs);
    try {
      const found = await callApi(cloud, { method: "GET", path: pathOf(place) });
      return outputsOf(found as DnsRecord, { ...outputs, zoneId: place.zone });
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  },
  update: async (cloud, { id, inputs }) => {
    await refuseOtherZone(cloud, inputs);
    const path = pathOf(placeOf(id, inputs));
    const record = (await callApi(cloud, { method: "PUT", path, body: bodyOf(inputs) })) as DnsRecord;
    return outputsOf(record, inputs);
  },
  remove: async (cloud, id, outputs) => {
    try {
      await callApi(cloud, { method: "DELETE", path: pathOf(placeOf(id, outputs)) });
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  },
};

interface RecordPlace {
  readonly zone: string;
  readonly record: string;
}

/** An imported record's id names the zone, too: `<zone>/<record>`. */
function placeOf(id: string, properties: Properties): RecordPlace {
  const [zone = "", record] = id.split("/");
  return record === undefined ? { zone: zoneOf(properties), record: id } : { zone, record };
}

function pathOf({ zone, record }: RecordPlace): string {
  return `/zones/${zone}/dns_records/${record}`;
}

/** What the API would refuse, and what it would take and store otherwise, which shows as a change at every update. */
function checkDnsRecord(inputs: Properties): Fault[] {
  const { known, unknown } = setUnknownAside(inputs);
  if (typeof known["type"] !== "string") return [];
  const request = rename(known, snake) as RecordRequest & { readonly private_routing?: boolean };
  const faults = checkRecord({ ...request, privateRouting: request.private_routing })
    .map(({ property, message, code }) => ({
      property: property.split(".").map(camel).join("."),
      reason: `${message} (${String(code)})`,
    }))
    .filter(({ property }) => !unknown.some((path) => property === path || path.startsWith(`${property}.`)));
  return faults.length > 0 ? faults : checkStored(request);
}

function checkStored({ name, type, content }: RecordRequest): Fault[] {
  const faults: Fault[] = [];
  if (name !== undefined && (!name.includes(".") || name !== name.toLowerCase() || name.endsWith("."))) {
    const wanted = "write the full name in lower case without a dot at its end, for example www.example.com";
    faults.push({ property: "name", reason: `Cloudflare stores another name than "${name}": ${wanted}.` });
  }
  const isName = ["CNAME", "MX", "NS"].includes(type) && content !== undefined && isHostname(content);
  if (isName && (content !== content.toLowerCase() || content.endsWith("."))) {
    const wanted = "write the name in lower case without a dot at its end";
    faults.push({ property: "content", reason: `Cloudflare stores another name than "${content}": ${wanted}.` });
  }
  return faults;
}

/** The API would put the zone's name behind a name outside of it. */
async function refuseOtherZone(cloud: Cloud, inputs: Properties): Promise<void> {
  const zone = (await callApi(cloud, { method: "GET", path: `/zones/${zoneOf(inputs)}` })) as Zone;
  const name = String(inputs["name"]);
  if (isWithin(name, zone.name)) return;
  throw new Error(
    `The record "${name}" is not within its zone ${zone.name}: Cloudflare would make ${name}.${zone.name}.`,
  );
}

function zoneOf(properties: Properties): string {
  return String(properties["zoneId"]);
}

function bodyOf({ zoneId: _zone, includeShadowMetadata: _shadow, ...inputs }: Properties): unknown {
  return rename(inputs, snake);
}

/** Every output of the SDK's class. */
function outputsOf(record: DnsRecord, inputs: Properties): Properties {
  return {
    zoneId: inputs["zoneId"],
    name: record.name,
    type: record.type,
    content: record.content,
    data: rename(record.data, camel),
    priority: record.priority,
    ttl: record.ttl,
    proxied: record.proxied,
    proxiable: record.proxiable,
    comment: record.comment,
    commentModifiedOn: record.comment_modified_on,
    tags: record.tags,
    tagsModifiedOn: undefined,
    settings: rename(record.settings, camel),
    meta: JSON.stringify(record.meta),
    createdOn: record.created_on,
    modifiedOn: record.modified_on,
    privateRouting: inputs["privateRouting"],
    includeShadowMetadata: inputs["includeShadowMetadata"],
  } satisfies Record<keyof DnsRecordState, unknown>;
}
