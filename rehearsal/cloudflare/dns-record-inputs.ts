import type { DnsRecordArgs, types } from "@pulumi/cloudflare";
import { anything, boolean, integer, number, text, type TableFor } from "./table.ts";

const data = {
  algorithm: { shape: integer },
  altitude: { shape: number },
  certificate: { shape: text },
  digest: { shape: text },
  digestType: { shape: integer },
  fingerprint: { shape: text },
  flags: { shape: anything },
  keyTag: { shape: integer },
  latDegrees: { shape: number },
  latDirection: { shape: text },
  latMinutes: { shape: number },
  latSeconds: { shape: number },
  longDegrees: { shape: number },
  longDirection: { shape: text },
  longMinutes: { shape: number },
  longSeconds: { shape: number },
  matchingType: { shape: integer },
  order: { shape: integer },
  port: { shape: integer },
  precisionHorz: { shape: number },
  precisionVert: { shape: number },
  preference: { shape: integer },
  priority: { shape: integer },
  protocol: { shape: integer },
  publicKey: { shape: text },
  regex: { shape: text },
  replacement: { shape: text },
  selector: { shape: integer },
  service: { shape: text },
  size: { shape: number },
  tag: { shape: text },
  target: { shape: text },
  type: { shape: integer },
  usage: { shape: integer },
  value: { shape: text },
  weight: { shape: integer },
} as const satisfies TableFor<types.input.DnsRecordData>;

const settings = {
  flattenCname: { shape: boolean, computed: true },
  ipv4Only: { shape: boolean, computed: true },
  ipv6Only: { shape: boolean, computed: true },
} as const satisfies TableFor<types.input.DnsRecordSettings>;

/** Arguments of a DnsRecord. Zone and type replace it: the API changes neither (terraform-provider-cloudflare 5). */
export const dnsRecordInputs = {
  zoneId: { shape: text, required: true, replaces: true },
  name: { shape: text, required: true },
  type: { shape: text, required: true, replaces: true },
  ttl: { shape: integer, required: true },
  content: { shape: text, computed: true },
  data: { shape: { type: "object", properties: data } },
  priority: { shape: integer, computed: true },
  proxied: { shape: boolean, computed: true },
  comment: { shape: text },
  tags: { shape: { type: "array", items: text }, computed: true },
  settings: { shape: { type: "object", properties: settings }, computed: true },
  privateRouting: { shape: boolean },
  includeShadowMetadata: { shape: boolean, computed: true },
} as const satisfies TableFor<DnsRecordArgs>;
