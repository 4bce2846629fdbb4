import type * as pulumi from "@pulumi/pulumi";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { certificate as certificateSettings } from "../settings/certificate.ts";
import { dns } from "../settings/dns.ts";
import { mockEngine, valueOf, type RegisteredResource } from "../testing/mocks.ts";
import type { Zone } from "./zone.ts";

let registered: RegisteredResource[];
let create: (settings: unknown, certificate?: unknown) => Zone | undefined;
let elsewhere: pulumi.ComponentResource;

const acme = { issuer: "acme", email: "a@example.com", challenge: "dns-01" };
const place = { name: "edge", ipv4: "198.51.100.64" };
const typed = (type: string) => registered.filter((resource) => resource.type === type);
const inputsOf = (type: string) => typed(type).map(({ inputs }) => inputs);
const records = {
  cloudflare: "cloudflare:index/dnsRecord:DnsRecord",
  linode: "linode:index/domainRecord:DomainRecord",
};
const rulesets = "cloudflare:index/ruleset:Ruleset";

beforeAll(async () => {
  registered = await mockEngine();
  const { createZone } = await import("./create-zone.ts");
  const { ComponentResource } = await import("@pulumi/pulumi");
  elsewhere = new ComponentResource("landfall:test:Site", "site");
  create = (settings, certificate = acme) =>
    createZone({
      dns: dns.parse(settings),
      hosts: ["example.com", "learn.example.com"],
      certificate: certificateSettings.parse(certificate),
    });
});

beforeEach(() => {
  registered.length = 0;
});

async function lead(zone: Zone | undefined): Promise<void> {
  const made = zone?.lead([place], [elsewhere]) ?? [];
  await Promise.all(made.map(({ urn }) => valueOf(urn)));
}

/** Resolves when as many resources of a type are there. */
const registeredAre = (type: string, count: number) =>
  expect.poll(() => typed(type).length, { timeout: 2000, interval: 5 }).toBe(count);

test("where somebody else answers for the hosts there is no zone", () => {
  expect(create({})).toBeUndefined();
});

test("a zone at Cloudflare leads the hosts to the place, and permits one issuer for each", async () => {
  await lead(create({ provider: "cloudflare", zone: "example.com" }));
  await registeredAre(records.cloudflare, 4);
  const made = inputsOf(records.cloudflare);
  expect(made).toContainEqual({
    zoneId: "zone-1",
    name: "learn.example.com",
    type: "A",
    content: "198.51.100.64",
    ttl: 1,
    proxied: true,
    comment: "landfall test",
  });
  expect(made.filter(({ type }) => type === "CAA")).toMatchObject([
    { name: "example.com", data: { flags: 0, tag: "issue", value: "letsencrypt.org" } },
    { name: "learn.example.com" },
  ]);
});

test("what is proxied has cache rules and a rate rule, one list a phase", async () => {
  await lead(create({ provider: "cloudflare", zone: "example.com" }));
  await registeredAre(rulesets, 2);
  expect(inputsOf(rulesets)).toMatchObject([
    { zoneId: "zone-1", kind: "zone", phase: "http_request_cache_settings", description: "landfall test" },
    { zoneId: "zone-1", kind: "zone", phase: "http_ratelimit", description: "landfall test" },
  ]);
});

test.each([
  ["nothing is proxied", { proxied: false }, 0],
  ["the zone is somebody else's to manage", { manageZone: false }, 0],
  ["the cache is left alone", { cacheRules: false }, 1],
  ["the rate is left alone", { signInRequests: "none" }, 1],
])("there are fewer lists of rules where %s", async (_case, settings, count) => {
  await lead(create({ provider: "cloudflare", zone: "example.com", ...settings }));
  await registeredAre(records.cloudflare, 4);
  await registeredAre(rulesets, count);
  expect(typed("landfall:infra:EdgeRules")).toHaveLength(count);
});

test("a domain at Linode that is there already gets records with names below it", async () => {
  await lead(create({ provider: "linode", zone: "example.com", ttl: 120 }));
  await registeredAre(records.linode, 4);
  expect(typed("linode:index/domain:Domain")).toEqual([]);
  expect(inputsOf(records.linode)).toEqual(
    expect.arrayContaining([
      { domainId: 4711, name: "", recordType: "A", target: "198.51.100.64", ttlSec: 120 },
      { domainId: 4711, name: "learn", recordType: "A", target: "198.51.100.64", ttlSec: 120 },
      { domainId: 4711, name: "learn", recordType: "CAA", tag: "issue", target: "letsencrypt.org", ttlSec: 120 },
    ]),
  );
});

test("a domain at Linode that is to be made is made, and its records refer to it by number", async () => {
  await lead(
    create(
      { provider: "linode", zone: "example.com", createZone: { email: "dns@example.com" } },
      { issuer: "local-ca" },
    ),
  );
  await registeredAre(records.linode, 2);
  expect(inputsOf("linode:index/domain:Domain")).toEqual([
    { domain: "example.com", type: "master", soaEmail: "dns@example.com", ttlSec: 3600, tags: ["landfall-test"] },
  ]);
  expect(inputsOf(records.linode)).toMatchObject([
    { domainId: expect.any(Number) as number, recordType: "A" },
    { recordType: "A" },
  ]);
});
