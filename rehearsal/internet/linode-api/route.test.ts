import { beforeEach, expect, test } from "vitest";
import type { LinodeDomain } from "../names/linode-zone.ts";
import { domainId, type LinodeAnswer, type OwnRecords } from "./records.ts";
import { answerLinode } from "./route.ts";

const domain: LinodeDomain = {
  ...{ name: "example.com", soaEmail: "a@example.com", ttlSec: 0, refreshSec: 0, retrySec: 0, expireSec: 0 },
  records: [{ name: "www", type: "A", target: "198.51.100.64", ttlSec: 0 }],
};
const path = `/v4/domains/${String(domainId("example.com"))}/records`;
let own: OwnRecords;

beforeEach(() => {
  own = { revision: 0, records: [] };
});

interface Sent {
  readonly token?: string;
  readonly filter?: object;
  readonly body?: unknown;
}

function call(method: string, target: string, { token = "good", filter = {}, body }: Sent = {}): Promise<LinodeAnswer> {
  const change = (changed: OwnRecords): Promise<void> => {
    own = changed;
    return Promise.resolve();
  };
  const api = { token: "good", domains: () => [domain], own: () => own, change };
  const headers = { authorization: `Bearer ${token}`, "x-filter": JSON.stringify(filter) };
  return answerLinode(api, { method, target, headers, body: JSON.stringify(body) });
}

test("a domain is found by its name", async () => {
  expect((await call("GET", "/v4/domains", { filter: { domain: "example.com" } })).body).toMatchObject({
    data: [{ id: domainId("example.com"), domain: "example.com" }],
    results: 1,
  });
  expect((await call("GET", "/v4/domains", { filter: { domain: "example.org" } })).body).toMatchObject({ data: [] });
});

test("a text is put in beside the stack's records, and taken out", async () => {
  const body = { type: "TXT", name: "_acme-challenge", target: "abc", ttl_sec: 30 };
  const made = (await call("POST", path, { body })).body as { id: number };
  expect(own.records).toMatchObject([{ domain: "example.com", name: "_acme-challenge", target: "abc", ttlSec: 30 }]);
  expect((await call("GET", `${path}?page_size=500`)).body).toMatchObject({ data: [{ type: "A" }, { type: "TXT" }] });
  expect((await call("GET", path, { filter: { type: "TXT" } })).body).toMatchObject({ data: [{ id: made.id }] });
  expect((await call("DELETE", `${path}/${String(made.id)}`)).status).toBe(200);
  expect(own).toEqual({ revision: 2, records: [] });
});

test.each<[string, string, string, Sent, number]>([
  ["another token", "GET", "/v4/domains", { token: "evil" }, 401],
  ["an address", "POST", path, { body: { type: "A", name: "", target: "198.51.100.65" } }, 400],
  ["an empty text", "POST", path, { body: { type: "TXT", name: "", target: "" } }, 400],
  ["what is the stack's", "DELETE", `${path}/1`, {}, 400],
  ["what does not exist", "DELETE", `${path}/77`, {}, 404],
  ["another account's domain", "GET", "/v4/domains/1/records", {}, 404],
  ["everything else", "GET", "/v4/linode/instances", {}, 404],
  ["a filter with operators", "GET", "/v4/domains", { filter: { "+and": [] } }, 400],
])("%s is refused", async (...[, method, target, sent, status]) => {
  expect(await call(method, target, sent)).toMatchObject({ status, body: { errors: [{}] } });
  expect(own.revision).toBe(0);
});
