import { expect, test } from "vitest";
import { createAuthority, issueCertificate } from "../../certificates/authority.ts";
import { parseSettings, SettingsError } from "../parse.ts";

const edge = { platform: "engine-at-hand", roles: ["edge"] };
const server = { name: "one", platform: "engine-at-hand", roles: ["edge", "app", "database", "cache"] };
const linode = {
  name: "one",
  platform: "linode",
  type: "g6-standard-4",
  region: "eu-central",
  roles: ["edge", "app", "database", "cache"],
  volume: "40 GiB",
};
const acme = { issuer: "acme", email: "operations@example.com", challenge: "dns-01" };
const proxied = {
  servers: [linode],
  access: { networks: ["203.0.113.0/24"] },
  hosts: ["learn.example.com"],
  dns: { provider: "cloudflare", zone: "example.com" },
  proxy: { address: "0.0.0.0" },
};

/** Key and text of everything that is wrong. */
function faultsOf(settings: Readonly<Record<string, unknown>>): string[] {
  const config = Object.entries(settings).map(([key, value]): [string, string] => [key, JSON.stringify(value)]);
  try {
    parseSettings(Object.fromEntries(config), { linode: true, cloudflare: true });
  } catch (error) {
    if (error instanceof SettingsError) return error.faults.map(({ key, allowed }) => `${key}: ${allowed}`);
    throw error;
  }
  return [];
}

test("Cloudflare's authority for origins goes with its edge, and with nothing else", () => {
  expect(faultsOf({ ...proxied, certificate: { issuer: "origin-ca" } })).toEqual([]);
  const direct = { ...proxied, dns: { ...proxied.dns, proxied: false } };
  expect(faultsOf({ ...direct, certificate: { issuer: "origin-ca" } })).toEqual([
    expect.stringContaining('landfall:certificate.issuer: "acme" or "given", as nobody but Cloudflare\'s edge trusts'),
  ]);
  expect(faultsOf({ servers: [server], hosts: ["localhost"], certificate: { issuer: "origin-ca" } })).toHaveLength(1);
});

test("Cloudflare's authority issues for so many days only, and a renewal comes before the end", () => {
  expect(faultsOf({ ...proxied, certificate: { issuer: "origin-ca", validityDays: 100 } })).toEqual([
    "landfall:certificate.validityDays: 7, 30, 90, 365, 730, 1095 or 5475",
  ]);
  expect(faultsOf({ ...proxied, certificate: { issuer: "origin-ca", validityDays: 30 } })).toEqual([
    "landfall:certificate.renewalDays: fewer days than validityDays",
  ]);
});

test("the authority's question on port 80 goes with one edge only", () => {
  const servers = [server, { ...edge, name: "two" }];
  const certificate = { ...acme, challenge: "http-01" };
  expect(faultsOf({ servers: [server], hosts: ["learn.example.com"], certificate })).toEqual([]);
  expect(faultsOf({ servers, hosts: ["learn.example.com"], certificate })).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^landfall:certificate\.challenge: "dns-01", as .* reaches any one of the 2 edges/),
    ]),
  );
});

test("an alert about few days left comes after the renewal, where there is somebody to be told", () => {
  const certificate = { ...acme, renewalDays: 20 };
  const secrets = { cloudflare: { dnsToken: "a token" } };
  const alerts = { webhook: "https://hooks.example.net/x" };
  expect(faultsOf({ ...proxied, certificate, secrets })).toEqual([]);
  expect(faultsOf({ ...proxied, certificate, secrets: { ...secrets, alerts } })).toEqual([
    expect.stringContaining("landfall:alerts.certificateDays: fewer than 20 days"),
  ]);
  expect(
    faultsOf({ ...proxied, certificate, alerts: { certificateDays: 14 }, secrets: { ...secrets, alerts } }),
  ).toEqual([]);
});

test("an alert goes to an https address only", () => {
  const secrets = { cloudflare: { dnsToken: "a token" }, alerts: { webhook: "http://hooks.example.net/x" } };
  expect(faultsOf({ ...proxied, certificate: acme, secrets })).toEqual([
    "landfall:secrets.alerts.webhook: an https address",
  ]);
});

test("a given certificate is held against its key and the hosts before anything is changed", async () => {
  const authority = await createAuthority({ commonName: "Test root", validityDays: 365 });
  const names = { commonName: "learn.example.com", dnsNames: ["learn.example.com"], ipAddresses: [] };
  const { certificate: chain, privateKey } = await issueCertificate(authority, { ...names, validityDays: 90 });
  const given = { servers: [server], hosts: ["learn.example.com"], certificate: { issuer: "given", chain } };
  expect(faultsOf({ ...given, secrets: { certificate: { privateKey } } })).toEqual([]);
  expect(faultsOf(given)).toEqual([
    "landfall:secrets.certificate.privateKey: a value, set by: npx pulumi config set --secret --path 'landfall:secrets.certificate.privateKey'",
  ]);
  expect(
    faultsOf({
      ...given,
      hosts: ["other.example.com"],
      secrets: { certificate: { privateKey: authority.privateKey } },
    }),
  ).toEqual([
    expect.stringMatching(/^landfall:certificate\.chain: a certificate for every one of landfall:hosts/),
    expect.stringMatching(/^landfall:secrets\.certificate\.privateKey: the key of the first certificate/),
  ]);
});

test("records at Linode need Linode's token for dns-01", () => {
  const dns = { provider: "linode", zone: "example.com" };
  expect(faultsOf({ ...proxied, dns, certificate: acme })).toEqual([
    expect.stringMatching(/^landfall:secrets\.linode\.dnsToken: a value, set by: npx pulumi config set --secret/),
  ]);
  expect(faultsOf({ ...proxied, dns, certificate: acme, secrets: { linode: { dnsToken: "a token" } } })).toEqual([]);
});

test("records at Linode have a TTL that Linode takes, and hosts within the domain", () => {
  const dns = { provider: "linode", zone: "example.com", ttl: 60 };
  const certificate = { issuer: "local-ca" };
  expect(faultsOf({ ...proxied, dns, certificate })).toEqual([
    "landfall:dns.ttl: one of 30, 120, 300, 3600, 7200, 14400, 28800, 57600, 86400, 172800, 345600, 604800",
  ]);
  expect(faultsOf({ ...proxied, hosts: ["learn.example.org"], dns: { ...dns, ttl: 120 }, certificate })).toEqual([
    "landfall:hosts[0]: a name in the zone example.com (landfall:dns.zone)",
  ]);
});

test("a fault shows the beginning of a given certificate, and not the whole of it", () => {
  const chain = `-----BEGIN CERTIFICATE-----\n${"A".repeat(4000)}`;
  const config = {
    servers: JSON.stringify([server]),
    hosts: '["learn.example.com"]',
    certificate: JSON.stringify({ issuer: "given", chain }),
    secrets: '{"certificate":{"privateKey":"hello"}}',
  };
  try {
    parseSettings(config, { linode: true, cloudflare: true });
    expect.unreachable();
  } catch (error) {
    expect(String(error)).toContain('"-----BEGIN CERTIFICATE-----');
    expect(String(error)).not.toContain("A".repeat(300));
  }
});
