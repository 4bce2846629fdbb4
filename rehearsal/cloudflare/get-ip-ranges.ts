import type { GetIpRangesArgs, GetIpRangesResult } from "@pulumi/cloudflare";
import type { Invoke } from "../plugin/resource.ts";
import { callApi } from "./client.ts";
import { text, type TableFor } from "./table.ts";

const getIpRangesArguments = { networks: { shape: text } } as const satisfies TableFor<GetIpRangesArgs>;

/** What the API says. */
interface IpRanges {
  readonly ipv4_cidrs: string[];
  readonly ipv6_cidrs: string[];
  readonly etag: string;
}

/** `cloudflare.getIpRanges`: the networks that the edge reaches origins from. */
export const getIpRanges: Invoke = {
  token: "cloudflare:index/getIpRanges:getIpRanges",
  arguments: getIpRangesArguments,
  call: async (cloud, { networks }) => {
    const ranges = (await callApi(cloud, { method: "GET", path: "/ips" })) as IpRanges;
    return {
      etag: ranges.etag,
      ipv4Cidrs: ranges.ipv4_cidrs,
      ipv6Cidrs: ranges.ipv6_cidrs,
      jdcloudCidrs: [],
      ...(networks === undefined ? {} : { networks }),
    } satisfies Record<Exclude<keyof GetIpRangesResult, "networks">, unknown>;
  },
};
