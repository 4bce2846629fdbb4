import { beforeEach, expect, test, vi } from "vitest";
import { account, certificatesOf, record, storeOf, zoneWith } from "../testing.ts";
import type { DnsRecord, Zone } from "../zone.ts";
import { refused, type Answer } from "./envelope.ts";
import type { Faults } from "./faults.ts";
import type { Api } from "./place.ts";
import { answer } from "./route.ts";

const www = record({ id: "www" });
const zone = zoneWith([www]);
const publish = vi.fn<(zone: Zone) => Promise<void>>();
const faults = vi.fn<Faults>();
const certificates = certificatesOf();
let api: Api;

beforeEach(() => {
  publish.mockReset().mockResolvedValue();
  faults.mockReset().mockResolvedValue(undefined);
  api = { account, store: storeOf(zone), certificates, publish, faults };
});

interface Sent {
  readonly token?: string;
  readonly body?: unknown;
}

function call(method: string, path: string, { token = "full-token", body }: Sent = {}): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}` };
  return answer(api, { method, target: `/client/v4${path}`, headers, body: JSON.stringify(body ?? "") });
}

const records = `/zones/${zone.id}/dns_records`;
const refusal = (status: number, code: number): object => ({
  status,
  body: { success: false, result: null, errors: [{ code }] },
});

test("a zone is found by its name, on a page", async () => {
  const { body } = await call("GET", "/zones?name=example.com");
  expect(body).toMatchObject({
    success: true,
    errors: [],
    messages: [],
    result: [{ id: zone.id, name: "example.com", status: "active" }],
    result_info: { page: 1, per_page: 100, count: 1, total_count: 1, total_pages: 1 },
  });
  expect((await call("GET", "/zones?name=example.org")).body.result).toEqual([]);
});

test("records are filtered by type, name and content", async () => {
  expect((await call("GET", `${records}?type=A&name=WWW.example.com`)).body.result).toEqual([www]);
  expect((await call("GET", `${records}?type=TXT`)).body.result).toEqual([]);
  expect((await call("GET", `${records}?content=198.51.100.65`)).body.result).toEqual([]);
  expect((await call("GET", `${records}?name.exact=www.example.com`)).body.result).toEqual([www]);
});

test("a record is made, in DNS when the answer comes, and removed", async () => {
  const body = { type: "TXT", name: "_acme-challenge", content: "abc", ttl: 120 };
  const made = (await call("POST", records, { body, token: "dns-token" })).body.result as DnsRecord;
  expect(made).toMatchObject({ name: "_acme-challenge.example.com", content: "abc", ttl: 120, proxiable: false });
  expect(publish.mock.lastCall?.[0].records).toContainEqual(made);
  expect(publish.mock.lastCall?.[0].revision).toBe(zone.revision + 1);
  expect(await call("DELETE", `${records}/${made.id}`)).toMatchObject({
    status: 200,
    body: { result: { id: made.id } },
  });
  expect(publish.mock.lastCall?.[0].records).toEqual([www]);
  expect(await call("DELETE", `${records}/${made.id}`)).toMatchObject(refusal(404, 81044));
});

test("a change by PATCH keeps what is not said, one by PUT does not", async () => {
  await call("PATCH", `${records}/www`, { body: { comment: "kept" } });
  expect((await call("PATCH", `${records}/www`, { body: { content: "198.51.100.65" } })).body.result).toMatchObject({
    content: "198.51.100.65",
    comment: "kept",
    id: "www",
  });
  const body = { type: "A", name: "www.example.com", content: "198.51.100.66", ttl: 60 };
  expect((await call("PUT", `${records}/www`, { body })).body.result).toMatchObject({ comment: null, ttl: 60 });
});

test("the TTL of a proxied record is automatic whatever was sent", async () => {
  const body = { type: "A", name: "b.example.com", content: "198.51.100.65", ttl: 300, proxied: true };
  expect((await call("POST", records, { body })).body.result).toMatchObject({ ttl: 1, proxied: true });
});

test.each([
  ["the same record twice", 81058, { type: "A", name: "www.example.com", content: "198.51.100.64" }],
  ["an alias beside an address", 81053, { type: "CNAME", name: "www.example.com", content: "a.example.net" }],
  ["content that is none", 9005, { type: "A", name: "b.example.com", content: "b" }],
  ["a body that is none", 9207, { type: "A", name: "b.example.com", content: 5 }],
])("%s is refused and changes nothing", async (_, code, body) => {
  expect(await call("POST", records, { body })).toMatchObject(refusal(400, code));
  expect(publish).not.toHaveBeenCalled();
});

test("an address beside an alias is refused", async () => {
  const alias = { type: "CNAME", name: "alias.example.com", content: "a.example.net" };
  await call("POST", records, { body: alias });
  const body = { type: "A", name: "alias.example.com", content: "198.51.100.65" };
  expect(await call("POST", records, { body })).toMatchObject(refusal(400, 81054));
});

test("nothing may stand beside an alias, except where it is flattened", async () => {
  const text = { type: "TXT", content: "x" };
  for (const name of ["alias.example.com", "example.com"]) {
    await call("POST", records, { body: { type: "CNAME", name, content: "a.example.net" } });
  }
  expect((await call("POST", records, { body: { ...text, name: "alias.example.com" } })).status).toBe(400);
  expect((await call("POST", records, { body: { ...text, name: "example.com" } })).status).toBe(200);
});

test("a setting is changed, and shown with its default before", async () => {
  const path = `/zones/${zone.id}/settings/ssl`;
  expect((await call("GET", path)).body.result).toMatchObject({ id: "ssl", value: "full", modified_on: null });
  expect((await call("PATCH", path, { body: { value: "strict" } })).body.result).toMatchObject({ value: "strict" });
  expect((await call("GET", path)).body.result).toMatchObject({ value: "strict" });
  expect(await call("PATCH", path, { body: { value: "stricter" } })).toMatchObject(refusal(400, 1007));
});

test("a token for DNS may do nothing else", async () => {
  const path = `/zones/${zone.id}/settings/ssl`;
  expect((await call("GET", "/zones", { token: "dns-token" })).status).toBe(200);
  expect((await call("GET", "/user/tokens/verify", { token: "dns-token" })).status).toBe(200);
  const change = await call("PATCH", path, { token: "dns-token", body: { value: "off" } });
  expect(change).toMatchObject(refusal(403, 10000));
});

test("without a token of the account nothing is told", async () => {
  const request = { method: "GET", target: "/client/v4/zones", body: "" };
  expect(await answer(api, { ...request, headers: {} })).toMatchObject(refusal(400, 9106));
  expect(await answer(api, { ...request, headers: { authorization: "x" } })).toMatchObject(refusal(400, 6003));
  expect(await answer(api, { ...request, headers: { "x-auth-key": "x" } })).toMatchObject(refusal(403, 9103));
  expect(await call("GET", "/zones", { token: "other" })).toMatchObject(refusal(403, 9109));
  expect(await call("GET", "/user/tokens/verify", { token: "other" })).toMatchObject(refusal(401, 1000));
});

test("the edge's networks are told to everybody", async () => {
  expect((await call("GET", "/ips", { token: "other" })).body.result).toMatchObject({
    ipv4_cidrs: ["198.51.100.32/28"],
  });
});

test("another account's zone and an unknown route are told apart", async () => {
  expect(await call("GET", "/zones/0123456789abcdef/dns_records")).toMatchObject(refusal(404, 7003));
  expect(await call("GET", `/zones/${zone.id}/pagerules`)).toMatchObject(refusal(405, 7000));
});

test("faults meet programs with the token for DNS only", async () => {
  faults.mockResolvedValue(refused(429, { code: 971, message: "Please wait" }));
  expect((await call("GET", "/zones")).status).toBe(200);
  expect(await call("GET", "/zones", { token: "dns-token" })).toMatchObject(refusal(429, 971));
});
