import type { GetOriginCaCertificatesArgs, GetOriginCaCertificatesResult } from "@pulumi/cloudflare";
import type { Invoke } from "../plugin/resource.ts";
import { callApi } from "./client.ts";
import { camel, rename } from "./letter-case.ts";
import { integer, text, type TableFor } from "./table.ts";

const getOriginCaCertificatesArguments = {
  limit: { shape: integer },
  maxItems: { shape: integer },
  offset: { shape: integer },
  zoneId: { shape: text, required: true },
} as const satisfies TableFor<GetOriginCaCertificatesArgs>;

/** `cloudflare.getOriginCaCertificates`: the certificates for names of a zone that were not revoked. */
export const getOriginCaCertificates: Invoke = {
  token: "cloudflare:index/getOriginCaCertificates:getOriginCaCertificates",
  arguments: getOriginCaCertificatesArguments,
  call: async (cloud, { zoneId, limit, maxItems, offset }) => {
    const path = `/certificates?zone_id=${String(zoneId)}&per_page=1000`;
    const found = (await callApi(cloud, { method: "GET", path })) as unknown[];
    const from = typeof offset === "number" ? offset : 0;
    const most = Math.min(...[limit, maxItems].map((one) => (typeof one === "number" ? one : found.length)));
    const results = rename(found.slice(from, from + most), camel);
    return { zoneId, limit, maxItems, offset, results } satisfies Record<keyof GetOriginCaCertificatesResult, unknown>;
  },
};
