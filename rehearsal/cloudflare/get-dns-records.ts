import type { Invoke } from "../plugin/resource.ts";
import { isRecord } from "../plugin/values.ts";
import { callApi } from "./client.ts";
import { camel, rename } from "./letter-case.ts";
import { text } from "./table.ts";

/** `cloudflare.getDnsRecords`: a zone's records of a name and type, as far as they are looked for here. */
export const getDnsRecords: Invoke = {
  token: "cloudflare:index/getDnsRecords:getDnsRecords",
  arguments: {
    zoneId: { shape: text, required: true },
    name: { shape: { type: "object", properties: { exact: { shape: text } } } },
    type: { shape: text },
  },
  call: async (cloud, { zoneId, name, type }) => {
    const query = new URLSearchParams();
    if (isRecord(name) && typeof name["exact"] === "string") query.set("name", name["exact"]);
    if (typeof type === "string") query.set("type", type);
    const path = `/zones/${String(zoneId)}/dns_records?${query.toString()}`;
    const found = await callApi(cloud, { method: "GET", path });
    return { zoneId, results: rename(found, camel) };
  },
};
