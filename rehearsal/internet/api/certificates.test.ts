import { X509Certificate } from "node:crypto";
import { beforeAll, beforeEach, expect, test } from "vitest";
import type { OriginCertificate } from "../origin-certificates.ts";
import { account, certificatesOf, csrOf, storeOf, zoneWith } from "../testing.ts";
import type { Answer } from "./envelope.ts";
import type { Api } from "./place.ts";
import { answer } from "./route.ts";

const zone = zoneWith([]);
let api: Api;
let csr: string;

beforeAll(async () => {
  csr = await csrOf("ecdsa");
});

beforeEach(() => {
  api = {
    account,
    store: storeOf(zone),
    certificates: certificatesOf(),
    publish: () => Promise.resolve(),
    faults: () => Promise.resolve(undefined),
  };
});

interface Sent {
  readonly token?: string;
  readonly body?: unknown;
}

function call(method: string, below: string, { token = "full-token", body }: Sent = {}): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}` };
  const target = `/client/v4/certificates${below}`;
  return answer(api, { method, target, headers, body: JSON.stringify(body ?? "") });
}

const request = (parts: object = {}): object => ({
  csr,
  hostnames: ["www.example.com", "*.example.com"],
  request_type: "origin-ecc",
  requested_validity: 7,
  ...parts,
});

test("a certificate is issued, listed with its zone, and revoked once", async () => {
  const made = (await call("POST", "", { body: request() })).body.result as OriginCertificate;
  expect(new X509Certificate(made.certificate).subjectAltName).toBe("DNS:www.example.com, DNS:*.example.com");
  expect(made.expires_on).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000 UTC$/);
  expect((await call("GET", `?zone_id=${zone.id}`)).body.result).toEqual([made]);
  expect((await call("GET", `/${made.id}`)).body.result).toEqual(made);
  expect((await call("DELETE", `/${made.id}`)).body.result).toMatchObject({ id: made.id });
  expect((await call("GET", `/${made.id}`)).body.result).toHaveProperty("revoked_at");
  expect((await call("GET", `?zone_id=${zone.id}`)).body.result).toEqual([]);
  expect((await call("DELETE", `/${made.id}`)).status).toBe(400);
});

test("without a validity it is fifteen years", async () => {
  const made = await call("POST", "", { body: request({ requested_validity: undefined }) });
  expect(made.body.result).toMatchObject({ requested_validity: 5475 });
});

test.each<[string, object, number]>([
  ["a hostname of another account", { hostnames: ["www.example.org"] }, 1010],
  ["the other kind of key", { request_type: "origin-rsa" }, 1100],
  ["no hostnames", { hostnames: undefined }, 1100],
])("%s is refused", async (_, parts, code) => {
  const refusal = await call("POST", "", { body: request(parts) });
  expect(refusal).toMatchObject({ status: 400, body: { errors: [{ code }] } });
});

test("a list is of a zone in the account", async () => {
  expect((await call("GET", "")).status).toBe(400);
  expect((await call("GET", "?zone_id=0123")).status).toBe(400);
});

test("one that does not exist is not found", async () => {
  expect((await call("GET", "/1")).status).toBe(404);
});

test("a token for DNS may not issue", async () => {
  const refusal = await call("POST", "", { token: "dns-token", body: request() });
  expect(refusal).toMatchObject({ status: 403, body: { errors: [{ code: 1016 }] } });
});
