import { timingSafeEqual } from "node:crypto";
import type { LinodeDomain } from "../names/linode-zone.ts";
import {
  domainId,
  page,
  readRecord,
  refusal,
  showDomain,
  showRecord,
  type LinodeAnswer,
  type OwnRecords,
} from "./records.ts";

/** A request to Linode's API. */
export interface LinodeRequest {
  readonly method: string;
  /** Path with its query, `/v4/domains`. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** What the API works on. */
export interface LinodeApi {
  /** The token that may read and write domains, and nothing else. */
  readonly token: string;
  readonly domains: () => readonly LinodeDomain[];
  readonly own: () => OwnRecords;
  /** Resolves when the name servers answer so. */
  readonly change: (own: OwnRecords) => Promise<void>;
}

/**
 * Answers a program that proves its domains by Linode's API: domains are listed, and TXT records put in and taken out.
 * All else is the provider's.
 */
export async function answerLinode(api: LinodeApi, request: LinodeRequest): Promise<LinodeAnswer> {
  if (!mayEnter(api.token, request.headers["authorization"])) return refusal(401, "Invalid Token");
  const path = new URL(request.target, "https://api.linode.com").pathname;
  const [, id, records, record, ...more] =
    /^\/v4\/(domains)(?:\/(\d+))?(?:\/(records))?(?:\/(\d+))?$/.exec(path)?.slice(1) ?? [];
  const filter = request.headers["x-filter"];
  if (!path.startsWith("/v4/domains") || more.length > 0) return noRoute(request.method, path);
  if (path === "/v4/domains" && request.method === "GET") return page(api.domains().map(showDomain), filter);
  const domain = api.domains().find(({ name }) => String(domainId(name)) === id);
  if (domain === undefined) return refusal(404, "Not found");
  if (records === undefined) {
    return request.method === "GET" ? { status: 200, body: showDomain(domain) } : noRoute(request.method, path);
  }
  if (record === undefined) {
    if (request.method === "GET") return page(recordsOf(api, domain).map(showRecord), filter);
    return request.method === "POST" ? add(api, domain, request.body) : noRoute(request.method, path);
  }
  return request.method === "DELETE" ? remove(api, domain, Number(record)) : noRoute(request.method, path);
}

function mayEnter(token: string, header: unknown): boolean {
  const wanted = Buffer.from(`Bearer ${token}`);
  const given = Buffer.from(typeof header === "string" ? header : "");
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function noRoute(method: string, path: string): LinodeAnswer {
  return refusal(404, `Not found: the rehearsal's Linode API does not stand in for ${method} ${path}`);
}

type Shown = Parameters<typeof showRecord>[0];

/** The stack's own records have numbers of their own here. */
function recordsOf(api: LinodeApi, domain: LinodeDomain): Shown[] {
  const fixed = domain.records.map((record, at) => ({ ...record, id: at + 1 }));
  return [...fixed, ...api.own().records.filter((one) => one.domain === domain.name)];
}

async function add(api: LinodeApi, domain: LinodeDomain, body: string): Promise<LinodeAnswer> {
  const read = readRecord(parse(body));
  if ("status" in read) return read;
  const { revision, records } = api.own();
  const record = { ...read, domain: domain.name, id: 1_000_000_000 + revision };
  await api.change({ revision: revision + 1, records: [...records, record] });
  return { status: 200, body: showRecord(record) };
}

async function remove(api: LinodeApi, domain: LinodeDomain, id: number): Promise<LinodeAnswer> {
  const { revision, records } = api.own();
  const left = records.filter((one) => one.domain !== domain.name || one.id !== id);
  if (left.length === records.length) {
    const known = recordsOf(api, domain).some((one) => one.id === id);
    return known
      ? refusal(400, "This record is the stack's: the rehearsal's API leaves it alone.")
      : refusal(404, "Not found");
  }
  await api.change({ revision: revision + 1, records: left });
  return { status: 200, body: {} };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
