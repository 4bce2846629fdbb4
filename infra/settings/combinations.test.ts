import { expect, test } from "vitest";
import { parseSettings, SettingsError, type Fault } from "./parse.ts";
import type { Vendor } from "./tokens.ts";

const linode = {
  name: "one",
  platform: "linode",
  type: "g6-standard-4",
  region: "eu-central",
  roles: ["edge", "app", "database", "cache"],
  volume: "40 GiB",
};
const staging = {
  servers: [linode],
  access: { networks: ["203.0.113.0/24"] },
  hosts: ["learn.example.com"],
  dns: { provider: "cloudflare", zone: "example.com" },
  certificate: { issuer: "acme", email: "operations@example.com", challenge: "dns-01" },
  proxy: { address: "0.0.0.0" },
  secrets: { cloudflare: { dnsToken: "a token" } },
};

function faultsOf(
  changes: Readonly<Record<string, unknown>>,
  tokens: Record<Vendor, boolean> = { linode: true, cloudflare: true },
): readonly Fault[] {
  const all: Record<string, unknown> = { ...staging, ...changes };
  const config = Object.entries(all).filter(([, value]) => value !== undefined);
  try {
    parseSettings(Object.fromEntries(config.map(([key, value]) => [key, JSON.stringify(value)])), tokens);
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
  return [];
}

test("a Linode behind Cloudflare with a certificate over ACME is a right combination", () => {
  expect(faultsOf({})).toEqual([]);
});

test("servers of one private network stand in one region", () => {
  const servers = [
    { ...linode, address: "10.77.0.11" },
    { ...linode, roles: ["app"], name: "two", address: "10.77.0.12", region: "us-east" },
  ];
  expect(faultsOf({ servers })).toMatchObject([
    {
      key: "landfall:servers[1].region",
      given: '"us-east"',
      allowed: expect.stringContaining('"eu-central"') as string,
    },
  ]);
});

test("every secret that is missing is named at once, with the command that sets it", () => {
  const migration = { sources: { learnmore: { kind: "server", host: "old", database: "l", user: "reader" } } };
  const images = { registry: { address: "registry.example.com", username: "landfall" } };
  expect(faultsOf({ secrets: undefined, migration, images }, { linode: false, cloudflare: false })).toMatchObject([
    {
      key: "landfall:secrets.learnmore.password",
      allowed: "a value, set by: npx pulumi config set --secret --path 'landfall:secrets.learnmore.password'",
    },
    { key: "landfall:secrets.cloudflare.dnsToken" },
    { key: "landfall:secrets.registry.password" },
    {
      key: "linode:token",
      allowed: "a token, set by: npx pulumi config set --secret linode:token (or in the environment as LINODE_TOKEN)",
    },
    { key: "cloudflare:apiToken" },
  ]);
});

test.each([
  ["ssh from nowhere", { access: {} }, "landfall:access.networks", "the one that Pulumi runs in"],
  ["ssh from everywhere", { access: { networks: ["0.0.0.0/0"] } }, "landfall:access.networks[0]", "a network of yours"],
  [
    "a server that keeps data and has no volume",
    { servers: [{ ...linode, volume: undefined }] },
    "landfall:servers[0].volume",
    "a role that keeps data",
  ],
  [
    "a volume that Linode does not make",
    { servers: [{ ...linode, volume: "5 GiB" }] },
    "landfall:servers[0].volume",
    '"10 GiB"',
  ],
  [
    "a plan that is too small for every role",
    { servers: [{ ...linode, type: "g6-standard-2" }] },
    "landfall:servers[0].type",
    "at least 4 cores and 8 GB",
  ],
  ["a proxy that listens on loopback", { proxy: {} }, "landfall:proxy.address", '"0.0.0.0"'],
  ["a host outside the zone", { hosts: ["learn.example.org"] }, "landfall:hosts[0]", "a name in the zone example.com"],
  [
    "a host that only ends like the zone",
    { hosts: ["learnexample.com"] },
    "landfall:hosts[0]",
    "a name in the zone example.com",
  ],
  [
    "a host that no certificate of the edge covers",
    { hosts: ["example.com", "staging.learn.example.com"] },
    "landfall:hosts[1]",
    "example.com or a name right below it",
  ],
  [
    "a TTL for what is proxied",
    { dns: { ...staging.dns, ttl: 300 } },
    "landfall:dns.ttl",
    '"auto", as Cloudflare chooses it',
  ],
  [
    "a port that the edge does not ask at",
    { proxy: { address: "0.0.0.0", httpsPort: 8443 } },
    "landfall:proxy.httpsPort",
    "443, where Cloudflare's edge asks",
  ],
  [
    "a local authority behind the edge",
    { certificate: {}, secrets: undefined },
    "landfall:certificate.issuer",
    "Cloudflare takes no certificate of a local authority",
  ],
  [
    "HTTP-01 behind the edge",
    { certificate: { ...staging.certificate, challenge: "http-01" } },
    "landfall:certificate.challenge",
    "would end at Cloudflare's edge",
  ],
  ["DNS-01 without a DNS provider", { dns: undefined }, "landfall:certificate.challenge", "no DNS provider is set"],
  [
    "records that lead to an engine at hand",
    {
      servers: [{ name: "one", platform: "engine-at-hand", roles: linode.roles }],
      certificate: {},
      dns: { ...staging.dns, proxied: false },
    },
    "landfall:dns.provider",
    "no server has a public address",
  ],
])("%s is refused with the reason", (...[, changes, key, reason]) => {
  expect(faultsOf(changes)).toEqual([
    expect.objectContaining({ key, allowed: expect.stringContaining(reason) as string }),
  ]);
});

test("an environment stands in one place", () => {
  const other = { name: "two", platform: "engine-at-hand", roles: ["app"] };
  const addressed = { ...linode, address: "10.77.0.21" };
  expect(faultsOf({ servers: [addressed, other] })).toMatchObject([{ key: "landfall:servers[1].platform" }]);
});

test("servers that call one another need addresses of the private network, each its own", () => {
  const server = (name: string, address?: string): object => ({
    ...linode,
    name,
    roles: name === "one" ? linode.roles : ["app"],
    ...(address ? { address } : {}),
  });
  const keysOf = (...servers: object[]): string[] => faultsOf({ servers }).map(({ key }) => key);
  expect(keysOf(server("one", "10.77.0.21"), server("two"))).toEqual(["landfall:servers[1].address"]);
  expect(keysOf(server("one", "10.77.0.21"), server("two", "10.77.0.21"))).toEqual(["landfall:servers[1].address"]);
  expect(keysOf(server("one", "10.77.0.21"), server("two", "10.78.0.22"))).toEqual(["landfall:servers[1].address"]);
  expect(keysOf(server("one", "10.77.0.21"), server("two", "10.77.0.200"))).toEqual(["landfall:servers[1].address"]);
});

test.each(["database", "cache"])("the %s is kept by one server, and another one with the role is refused", (role) => {
  const second = { ...linode, name: "two", address: "10.77.0.22", roles: ["app", role] };
  expect(faultsOf({ servers: [{ ...linode, address: "10.77.0.21" }, second] })).toEqual([
    {
      key: "landfall:servers[1].roles",
      given: `["app","${role}"]`,
      allowed: `roles without '${role}', which one has: one server keeps the ${role}`,
    },
  ]);
});

test("where no server has a role, nothing is said of who drains", () => {
  expect(faultsOf({ servers: [{ ...linode, roles: ["edge", "database", "cache"] }] })).toMatchObject([
    { key: "landfall:servers", allowed: "a server with the role 'app'" },
  ]);
});

test.each(["10.999.0.0/24", "10.77.0.5/24", "8.8.8.0/24", "ten", ""])(
  "'%s' is refused as the private network",
  (subnet) => {
    const servers = [{ ...linode, address: "10.77.0.21" }];
    expect(faultsOf({ servers, network: { subnet } })).toContainEqual({
      key: "landfall:network.subnet",
      given: JSON.stringify(subnet),
      allowed: expect.stringMatching(/^a private network by its first address/) as string,
    });
  },
);

test("a network is written by its first address, as firewalls take it", () => {
  expect(faultsOf({ access: { networks: ["203.0.113.7/32", "203.0.113.7/24"] } })).toEqual([
    {
      key: "landfall:access.networks[1]",
      given: '"203.0.113.7/24"',
      allowed: expect.stringContaining("a network by its first address") as string,
    },
  ]);
});
