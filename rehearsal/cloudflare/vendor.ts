import type { Vendor } from "../plugin/resource.ts";
import { dnsRecord } from "./dns-record.ts";
import { getDnsRecords } from "./get-dns-records.ts";
import { getIpRanges } from "./get-ip-ranges.ts";
import { getOriginCaCertificates } from "./get-origin-ca-certificates.ts";
import { getRulesets } from "./get-rulesets.ts";
import { getZone } from "./get-zone.ts";
import { originCaCertificate } from "./origin-ca-certificate.ts";
import { ruleset } from "./ruleset.ts";
import { zoneSetting } from "./zone-setting.ts";

/** What stands in for Cloudflare's provider. */
export const cloudflare: Vendor = {
  name: "cloudflare",
  tokenVariable: "CLOUDFLARE_API_TOKEN",
  token: (cloud) => cloud.tokens.cloudflare,
  resources: [dnsRecord, originCaCertificate, ruleset, zoneSetting],
  invokes: [getDnsRecords, getIpRanges, getOriginCaCertificates, getRulesets, getZone],
};
