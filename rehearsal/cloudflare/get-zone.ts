import type { GetZoneArgs, GetZoneResult, types } from "@pulumi/cloudflare";
import type { Invoke, Properties } from "../plugin/resource.ts";
import { isRecord } from "../plugin/values.ts";
import { callApi } from "./client.ts";
import { camel, rename } from "./letter-case.ts";
import { text, type TableFor } from "./table.ts";
import type { Cloud } from "../cloud/cloud.ts";

const account = {
  id: { shape: text },
  name: { shape: text },
} as const satisfies TableFor<types.input.GetZoneFilterAccount>;

const filter = {
  account: { shape: { type: "object", properties: account } },
  direction: { shape: text },
  match: { shape: text },
  name: { shape: text },
  order: { shape: text },
  status: { shape: text },
  types: { shape: { type: "array", items: text } },
} as const satisfies TableFor<types.input.GetZoneFilter>;

const getZoneArguments = {
  zoneId: { shape: text },
  filter: { shape: { type: "object", properties: filter } },
} as const satisfies TableFor<GetZoneArgs>;

/** `cloudflare.getZone`: a zone by its id, or the one that a filter finds. */
export const getZone: Invoke = {
  token: "cloudflare:index/getZone:getZone",
  arguments: getZoneArguments,
  call: async (cloud, { zoneId, filter: given }) => {
    if ((zoneId === undefined) === (given === undefined)) {
      throw new Error('Exactly one of these attributes must be configured: "zoneId" and "filter".');
    }
    const zone = typeof zoneId === "string" ? await readZone(cloud, zoneId) : await findZone(cloud, given);
    return resultOf(zone, given);
  },
};

async function readZone(cloud: Cloud, id: string): Promise<unknown> {
  return callApi(cloud, { method: "GET", path: `/zones/${id}` });
}

async function findZone(cloud: Cloud, given: unknown): Promise<unknown> {
  const { name, status } = isRecord(given) ? given : {};
  const query = new URLSearchParams();
  if (typeof name === "string") query.set("name", name);
  if (typeof status === "string") query.set("status", status);
  const found = (await callApi(cloud, { method: "GET", path: `/zones?${query.toString()}` })) as unknown[];
  if (found.length === 1) return found[0];
  const wanted = typeof name === "string" ? ` named ${name}` : "";
  throw new Error(`found ${String(found.length)} zones${wanted} in the account, and exactly one is needed`);
}

/** Every property of the SDK's result. */
function resultOf(found: unknown, given: unknown): Properties {
  const zone = rename(found, camel) as Record<string, unknown>;
  return {
    account: zone["account"],
    activatedOn: zone["activatedOn"],
    cnameSuffix: zone["cnameSuffix"],
    createdOn: zone["createdOn"],
    developmentMode: zone["developmentMode"],
    ...(given === undefined ? {} : { filter: given }),
    id: zone["id"],
    meta: zone["meta"],
    modifiedOn: zone["modifiedOn"],
    name: zone["name"],
    nameServers: zone["nameServers"],
    originalDnshost: zone["originalDnshost"],
    originalNameServers: zone["originalNameServers"],
    originalRegistrar: zone["originalRegistrar"],
    owner: zone["owner"],
    paused: zone["paused"],
    permissions: zone["permissions"],
    plan: zone["plan"],
    status: zone["status"],
    tenant: zone["tenant"],
    tenantUnit: zone["tenantUnit"],
    type: zone["type"],
    vanityNameServers: zone["vanityNameServers"],
    verificationKey: zone["verificationKey"],
    zoneId: zone["id"],
  } satisfies Record<Exclude<keyof GetZoneResult, "filter">, unknown>;
}
