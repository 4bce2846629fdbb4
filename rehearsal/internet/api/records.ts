import { randomBytes } from "node:crypto";
import { z } from "zod";
import { contentOf } from "../record-data.ts";
import { checkRecord, isProxiable, typesOfParts, type RecordFault } from "../record-rules.ts";
import { isWithin, type DnsRecord, type Zone } from "../zone.ts";

const text = z.string();

/** What a request for a record holds. */
const body = z.object({
  type: text.transform((type) => type.toUpperCase()),
  name: text,
  content: text.optional(),
  data: z.record(text, z.unknown()).optional(),
  priority: z.int().min(0).max(65_535).optional(),
  ttl: z.int().default(1),
  proxied: z.boolean().default(false),
  comment: text.nullable().optional(),
  tags: z.array(text).optional(),
  settings: z.record(text, z.unknown()).optional(),
  private_routing: z.boolean().optional(),
});

/** A record that the zone may have, or why not. */
export type Outcome = { readonly record: DnsRecord } | { readonly faults: readonly RecordFault[] };

/**
 * Judges a record that a zone is to have.
 *
 * @param given the body of the request
 * @param before the record that it takes the place of, if any
 */
export function planRecord(zone: Zone, given: unknown, before?: DnsRecord): Outcome {
  const parsed = body.safeParse(given);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => {
      const property = path.join(".");
      return { property, code: 9207, message: `Request body is invalid: ${[property, message].join(" ").trim()}` };
    });
    return { faults };
  }
  const request = parsed.data;
  const faults = checkRecord(asJudged(request));
  if (faults.length > 0) return { faults };
  const record = makeRecord(zone, request, before);
  const others = zone.records.filter(({ id }) => id !== before?.id);
  const conflict = findConflict(zone, others, record);
  return conflict === undefined ? { record } : { faults: [conflict] };
}

type Request = z.infer<typeof body>;

/** Cloudflare shows the content of a record of parts; one that is sent back with the parts is not judged. */
function asJudged(request: Request): Parameters<typeof checkRecord>[0] {
  const { private_routing: privateRouting, ttl, proxied, data, ...rest } = request;
  const ofParts = typesOfParts.includes(request.type);
  // A proxied record's TTL is Cloudflare's own, whatever was sent.
  return { ...rest, proxied, privateRouting, ttl: proxied ? 1 : ttl, data: ofParts ? data : undefined };
}

function makeRecord(zone: Zone, request: Request, before?: DnsRecord): DnsRecord {
  const now = new Date().toISOString();
  const { type, proxied, comment = null } = request;
  const data = typesOfParts.includes(type) ? request.data : undefined;
  const priority = type === "SRV" ? Number(data?.["priority"]) : request.priority;
  const commented = comment === (before?.comment ?? null) ? before?.comment_modified_on : now;
  return {
    id: before?.id ?? randomBytes(16).toString("hex"),
    name: fullName(request.name, zone.name),
    type,
    content: data === undefined ? canonical(type, request.content ?? "") : contentOf(type, data),
    ...(data === undefined ? {} : { data }),
    ...(priority === undefined ? {} : { priority }),
    ttl: proxied ? 1 : request.ttl,
    proxied,
    proxiable: isProxiable(type),
    comment,
    tags: request.tags ?? [],
    settings: request.settings ?? {},
    meta: {},
    created_on: before?.created_on ?? now,
    modified_on: now,
    ...(comment === null || commented === undefined ? {} : { comment_modified_on: commented }),
  };
}

/** The full name of a record; the API takes names relative to the zone, too. */
export function fullName(name: string, zone: string): string {
  const lower = name.toLowerCase().replace(/\.$/, "");
  if (lower === "@") return zone;
  return isWithin(lower, zone) ? lower : `${lower}.${zone}`;
}

/** Hostnames in records are lower case and have no dot at their end. */
function canonical(type: string, content: string): string {
  return ["CNAME", "MX", "NS"].includes(type) ? content.toLowerCase().replace(/\.$/, "") : content;
}

function findConflict(zone: Zone, others: readonly DnsRecord[], record: DnsRecord): RecordFault | undefined {
  const sameName = others.filter(({ name }) => name === record.name);
  const hosts = ["A", "AAAA", "CNAME"];
  if (sameName.some(({ type, content }) => type === record.type && content === record.content)) {
    return { property: "name", code: 81058, message: "An identical record already exists." };
  }
  if (record.type === "CNAME" && sameName.some(({ type }) => hosts.includes(type))) {
    const message = "An A, AAAA, or CNAME record with that host already exists.";
    return { property: "name", code: 81053, message };
  }
  if (hosts.includes(record.type) && sameName.some(({ type }) => type === "CNAME")) {
    return { property: "name", code: 81054, message: "A CNAME record with that host already exists." };
  }
  // DNS allows nothing beside an alias (RFC 1034, 3.6.2); Cloudflare can, where it flattens: at the apex or proxied.
  const alias = [record, ...sameName].find(({ type, proxied }) => type === "CNAME" && !proxied);
  if (alias === undefined || sameName.length === 0) return undefined;
  if (alias.name === zone.name || alias.settings["flatten_cname"] === true) return undefined;
  return { property: "name", code: 81053, message: "A record with that host already exists beside the CNAME record." };
}
