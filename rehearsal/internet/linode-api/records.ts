import { createHash } from "node:crypto";
import { z } from "zod";
import type { LinodeDomain, LinodeRecord } from "../names/linode-zone.ts";

/** A record that a program has put into a domain by the API. */
export interface OwnRecord extends LinodeRecord {
  readonly id: number;
  /** The domain's name. */
  readonly domain: string;
}

/** What programs have put into domains by the API. */
export interface OwnRecords {
  /** Counts their changes. */
  readonly revision: number;
  readonly records: readonly OwnRecord[];
}

/** What a program may put into a domain; other types come from the stack. */
const body = z.object({
  type: z.literal("TXT"),
  name: z.string().max(100).default(""),
  target: z.string().min(1).max(1024),
  ttl_sec: z.int().nonnegative().default(0),
});

/** An answer of Linode's API, before it becomes HTTP. */
export interface LinodeAnswer {
  /** HTTP status. */
  readonly status: number;
  readonly body: unknown;
}

/** An answer that says no (techdocs.akamai.com/linode-api/reference/errors). */
export function refusal(status: number, reason: string, field?: string): LinodeAnswer {
  return { status, body: { errors: [{ ...(field === undefined ? {} : { field }), reason }] } };
}

/** A domain's id: the same for the same name. */
export function domainId(name: string): number {
  return createHash("sha256").update(name).digest().readUInt32BE() % 1_000_000_000;
}

/** A domain as the API shows it. */
export function showDomain(domain: LinodeDomain): Record<string, unknown> {
  return {
    id: domainId(domain.name),
    type: "master",
    domain: domain.name,
    status: domain.disabled === true ? "disabled" : "active",
    soa_email: domain.soaEmail,
    ttl_sec: domain.ttlSec,
  };
}

/** A record as the API shows it. */
export function showRecord({ id, type, name, target, ttlSec }: LinodeRecord & { id: number }): Record<string, unknown> {
  return { id, type, name, target, ttl_sec: ttlSec };
}

/** The record that a body asks for, or why there will be none. */
export function readRecord(given: unknown): LinodeRecord | LinodeAnswer {
  const parsed = body.safeParse(given);
  if (!parsed.success) {
    const [{ path, message } = { path: [], message: "is not valid" }] = parsed.error.issues;
    const field = path.join(".");
    const only =
      field === "type" ? " The rehearsal's API takes TXT records from programs; others come from the stack." : "";
    return refusal(400, `${message}.${only}`, field);
  }
  const { type, name, target, ttl_sec: ttlSec } = parsed.data;
  return { type, name, target, ttlSec };
}

/**
 * The things of a list that a filter lets through, as one page.
 *
 * @param filter the header `X-Filter`: equal values only
 */
export function page(all: readonly Record<string, unknown>[], filter: unknown): LinodeAnswer {
  const wanted = readFilter(filter);
  if (wanted === undefined) return refusal(400, "X-Filter must be a JSON object of plain values in the rehearsal.");
  const data = all.filter((one) => Object.entries(wanted).every(([key, value]) => one[key] === value));
  return { status: 200, body: { data, page: 1, pages: 1, results: data.length } };
}

const plainValues = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

function readFilter(filter: unknown): Record<string, unknown> | undefined {
  if (typeof filter !== "string" || filter === "") return {};
  try {
    return plainValues.safeParse(JSON.parse(filter)).data;
  } catch {
    return undefined;
  }
}
