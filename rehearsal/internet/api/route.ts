import type { Account } from "../account.ts";
import type { Store } from "../store.ts";
import type { DnsRecord, Zone } from "../zone.ts";
import { authorise, usesDnsToken, type Permission } from "./authorise.ts";
import { answerCertificates } from "./certificates.ts";
import { granted, page, refused, type Answer } from "./envelope.ts";
import { noRoute, parse, type Api, type ApiRequest, type Place } from "./place.ts";
import { planRecord } from "./records.ts";
import { answerRulesets } from "./rulesets.ts";
import { changeSetting, listSettings, readSetting } from "./settings.ts";
import { showZone } from "./zones.ts";

const base = "/client/v4";

/** Answers a request to Cloudflare's API. What it changed is on disk and in DNS when it answers. */
export async function answer(api: Api, request: ApiRequest): Promise<Answer> {
  const url = new URL(request.target, "https://api.cloudflare.com");
  const segments = url.pathname.startsWith(`${base}/`) ? url.pathname.slice(base.length + 1).split("/") : [];
  const [first = "", id = "", section = "", item = "", ...more] = segments;
  const path = `/${segments.join("/")}`;
  if (path === "/ips" && request.method === "GET") return granted(ipRanges(api.account));
  const denied = authorise(api.account, request.headers, permissionFor(request.method, path));
  if (denied !== undefined) return denied;
  if (usesDnsToken(api.account, request.headers)) {
    const fault = await api.faults(request.method);
    if (fault !== undefined) return fault;
  }
  if (path === "/user/tokens/verify" && request.method === "GET") return granted({ id: "rehearsal", status: "active" });
  if (first === "certificates" && section === "") {
    return answerCertificates(api, { id, query: url.searchParams }, request);
  }
  if (first !== "zones" || (more.length > 0 && section !== "rulesets")) return noRoute(path, request.method);
  if (id === "") return request.method === "GET" ? listZones(api.store, url.searchParams) : noRoute(path, "POST");
  const zone = api.store.find(id);
  if (zone === undefined) {
    const message = `Could not route to ${path}, perhaps your object identifier is invalid?`;
    return refused(404, { code: 7003, message });
  }
  const at: Place = { api, zone, item, query: url.searchParams, more };
  if (section === "" && request.method === "GET") return granted(showZone(zone));
  if (section === "dns_records") return answerRecords(at, request);
  if (section === "settings") return answerSettings(at, request);
  if (section === "rulesets") return answerRulesets(at, request);
  return noRoute(path, request.method);
}

function permissionFor(method: string, path: string): Permission {
  if (path === "/user/tokens/verify") return "token:verify";
  if (path.includes("/dns_records")) return "dns:edit";
  if (path.includes("/settings")) return "settings:edit";
  if (path.includes("/rulesets")) return "rulesets:edit";
  if (path.startsWith("/certificates")) return "certificates:edit";
  return method === "GET" ? "zone:read" : "settings:edit";
}

function ipRanges(account: Account): unknown {
  return { ipv4_cidrs: account.networks, ipv6_cidrs: [], etag: "rehearsal" };
}

function listZones(store: Store, query: URLSearchParams): Answer {
  const name = query.get("name")?.replace(/^equal:/, "");
  const found = store.all().filter((zone) => name === undefined || zone.name === name);
  const active = [null, "active"].includes(query.get("status")) ? found : [];
  return page(active.map(showZone), query);
}

async function answerRecords(at: Place, request: ApiRequest): Promise<Answer> {
  const { zone, item, query } = at;
  if (item === "") {
    if (request.method === "GET") return page(filterRecords(zone.records, query), query);
    if (request.method === "POST") return writeRecord(at, request.body);
    return noRoute("/zones/:id/dns_records", request.method);
  }
  const record = zone.records.find(({ id }) => id === item);
  if (record === undefined) return refused(404, { code: 81044, message: "Record does not exist." });
  switch (request.method) {
    case "GET":
      return granted(record);
    case "PUT":
      return writeRecord(at, request.body, { record, keep: false });
    case "PATCH":
      return writeRecord(at, request.body, { record, keep: true });
    case "DELETE":
      await store(
        at.api,
        zone,
        zone.records.filter(({ id }) => id !== record.id),
      );
      return granted({ id: record.id });
    default:
      return noRoute("/zones/:id/dns_records/:id", request.method);
  }
}

/** Names with an operator (`name.exact`, `comment.contains` and the like) that the rehearsal knows are the exact ones. */
function filterRecords(records: readonly DnsRecord[], query: URLSearchParams): DnsRecord[] {
  const wanted = (property: string): string | null => query.get(property) ?? query.get(`${property}.exact`);
  const [type, name, content] = [wanted("type"), wanted("name"), wanted("content")];
  return records.filter(
    (record) =>
      (type === null || record.type === type) &&
      (name === null || record.name === name.toLowerCase()) &&
      (content === null || record.content === content),
  );
}

async function writeRecord(at: Place, body: string, before?: { record: DnsRecord; keep: boolean }): Promise<Answer> {
  const given = parse(body);
  if (given === undefined) return refused(400, { code: 9207, message: "Request body is invalid." });
  const merged = before?.keep === true ? { ...before.record, ...given } : given;
  const outcome = planRecord(at.zone, merged, before?.record);
  if ("faults" in outcome) {
    return refused(400, ...outcome.faults.map(({ code, message }) => ({ code, message })));
  }
  const others = at.zone.records.filter(({ id }) => id !== outcome.record.id);
  await store(at.api, at.zone, [...others, outcome.record]);
  return granted(outcome.record);
}

async function store(api: Api, zone: Zone, records: readonly DnsRecord[]): Promise<void> {
  const changed = { ...zone, records, revision: zone.revision + 1 };
  api.store.put(changed);
  await api.publish(changed);
}

function answerSettings({ api, zone, item }: Place, request: ApiRequest): Answer {
  if (request.method === "GET") return item === "" ? listSettings(zone) : readSetting(zone, item);
  if (request.method !== "PATCH" || item === "") return noRoute("/zones/:id/settings", request.method);
  const given = parse(request.body);
  const value = given !== undefined && "value" in given ? given["value"] : given?.["enabled"];
  if (value === undefined) return refused(400, { code: 1006, message: "The body must have a value." });
  return changeSetting(api.store, zone, { id: item, value });
}
