import { beforeAll, expect, test } from "vitest";
import { parseSettings } from "../settings/parse.ts";
import { inputsIn, mockEngine, valueOf, type RegisteredResource } from "../testing/mocks.ts";
import type { Servers } from "./servers.ts";

const linode = (name: string, address: string, more: object): object => ({
  name,
  platform: "linode",
  type: "g6-standard-4",
  region: "eu-central",
  address,
  ...more,
});

const settings = parseSettings(
  Object.fromEntries(
    Object.entries({
      servers: [
        linode("edge-1", "10.77.0.11", { roles: ["edge"] }),
        linode("edge-2", "10.77.0.12", { roles: ["edge"], draining: true }),
        linode("app-1", "10.77.0.21", { roles: ["app"] }),
        linode("app-2", "10.77.0.22", { roles: ["app"], generation: 2 }),
        linode("data-1", "10.77.0.31", { roles: ["database", "cache"], volume: "40 GiB" }),
      ],
      access: { networks: ["198.51.100.0/28"] },
      hosts: ["learn.example.com"],
      dns: { provider: "cloudflare", zone: "example.com" },
      certificate: { issuer: "acme", email: "operations@example.com", challenge: "dns-01" },
      proxy: { address: "0.0.0.0" },
      secrets: { cloudflare: { dnsToken: "a token" } },
    }).map(([key, value]) => [key, JSON.stringify(value)]),
  ),
  { linode: true, cloudflare: true },
);

let registered: RegisteredResource[];
let created: Servers;

const inputsOf = (type: string, name: string): RegisteredResource["inputs"] => inputsIn(registered, type, name);

beforeAll(async () => {
  registered = await mockEngine();
  const { createServers } = await import("./servers.ts");
  const { edgeNetworks } = await import("./edge-networks.ts");
  created = createServers({ settings, prefix: "landfall-test", edgeNetworks: edgeNetworks(settings.dns) });
  await valueOf(created.made);
  for (const server of created.servers) await valueOf(server.provider.urn);
  if (created.balancer !== undefined) await valueOf(created.balancer.publicAddress);
});

test("each server has its address on the private network, an even generation the second one", () => {
  const addressOf = (name: string): unknown =>
    (inputsOf("linode:index/instance:Instance", name)["interfaces"] as { ipv4?: { vpc: string } }[])[1]?.ipv4?.vpc;
  expect(["edge-1-g1", "app-1-g1", "app-2-g2"].map(addressOf)).toEqual(["10.77.0.11", "10.77.0.21", "10.77.0.150"]);
  expect(created.servers.map(({ privateAddress }) => privateAddress)).toContain("10.77.0.150");
});

test("edges alone have an address that a NodeBalancer asks, and app servers alone stand on hosts of their own", () => {
  const withInput = (key: string): string[] =>
    registered
      .filter(({ type, inputs }) => type === "linode:index/instance:Instance" && inputs[key] !== undefined)
      .map(({ name }) => name);
  expect(withInput("privateIp")).toEqual(["edge-1-g1", "edge-2-g1"]);
  expect(withInput("placementGroup")).toEqual(["app-1-g1", "app-2-g2"]);
});

test("each server's firewall admits who has to ask it, by role, and nobody else", () => {
  const labelsOf = (name: string): Record<string, string[]> => {
    const inbounds = inputsOf("linode:index/firewall:Firewall", `${name}-firewall`)["inbounds"] as {
      label: string;
      ipv4s: string[];
    }[];
    return Object.fromEntries(
      inbounds.filter(({ label }) => !["ssh", "ping"].includes(label)).map(({ label, ipv4s }) => [label, ipv4s]),
    );
  };
  expect(labelsOf("edge-1")).toEqual({
    web: ["198.51.100.32/28"],
    "balanced-web": ["192.168.255.0/24"],
    certificates: ["10.77.0.12/32", "10.77.0.140/32"],
  });
  const edges = ["10.77.0.11/32", "10.77.0.12/32", "10.77.0.139/32", "10.77.0.140/32"];
  expect(labelsOf("app-1")).toEqual({ backend: edges });
  const apps = ["10.77.0.21/32", "10.77.0.22/32", "10.77.0.149/32", "10.77.0.150/32"];
  expect(labelsOf("data-1")).toEqual({ postgres: apps, redis: apps });
});

test("a NodeBalancer passes both web ports on to every edge, and no new connections to one that drains", () => {
  expect(inputsOf("linode:index/nodeBalancerConfig:NodeBalancerConfig", "balancer-https")).toMatchObject({
    port: 443,
    protocol: "tcp",
    proxyProtocol: "v2",
  });
  const nodes = registered.filter(({ type }) => type === "linode:index/nodeBalancerNode:NodeBalancerNode");
  expect(nodes.map(({ name, inputs }) => [name, inputs["mode"]]).sort()).toEqual([
    ["balancer-http-edge-1-g1", "accept"],
    ["balancer-http-edge-2-g1", "drain"],
    ["balancer-https-edge-1-g1", "accept"],
    ["balancer-https-edge-2-g1", "drain"],
  ]);
  expect(nodes.at(-1)?.inputs["address"]).toMatch(/^192\.168\.\d+\.\d+:10443$/);
});

test("a server gets the images of its roles only", () => {
  const imagesOf = (generation: string): string[] =>
    registered
      .filter(({ type, name }) => type.endsWith(":ImageDelivery") && name.startsWith(`${generation}-`))
      .map(({ name }) => name.slice(generation.length + 1));
  expect(imagesOf("data-1-g1").sort()).toEqual(["migration", "postgres", "redis"]);
});

test("a server is known by its public address, wherever the provider lists the private one", async () => {
  const made = await valueOf(created.made);
  expect(new Set(made.map(({ publicAddress }) => publicAddress))).toEqual(new Set(["198.51.100.64"]));
});
