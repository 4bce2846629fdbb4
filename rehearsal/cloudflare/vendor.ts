import type { Vendor } from "../plugin/resource.ts";
import { dnsRecord } from "./dns-record.ts";
import { getDnsRecords } from "./get-dns-records.ts";
import { getIpRanges } from "./get-ip-ranges.ts";
import { getZone } from "./get-zone.ts";
import { zoneSetting } from "./zone-setting.ts";

/** What stands in for Cloudflare's provider. */
export const cloudflare: Vendor = {
  name: "cloudflare",
  tokenVariable: "CLOUDFLARE_API_TOKEN",
  token: (cloud) => cloud.tokens.cloudflare,
  resources: [dnsRecord, zoneSetting],
  invokes: [getDnsRecords, getIpRanges, getZone],
};
