import { gunzipSync } from "node:zlib";
import { beforeAll, expect, test } from "vitest";
import { parseSettings } from "../settings/parse.ts";
import { mockEngine, unwrapped, valueOf, type RegisteredResource } from "../testing/mocks.ts";
import type { Server } from "./server.ts";
import type { MadeServer } from "./servers.ts";

const settings = parseSettings(
  Object.fromEntries(
    Object.entries({
      servers: [
        {
          name: "staging",
          platform: "linode",
          type: "g6-standard-4",
          region: "eu-central",
          roles: ["edge", "app", "database", "cache"],
          volume: "40 GiB",
          generation: 2,
        },
      ],
      access: { networks: ["203.0.113.0/24"], authorizedKeys: ["ssh-ed25519 CCCC operator"] },
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
let server: Server;
let made: MadeServer[];

const inputsOf = (type: string): Readonly<Record<string, unknown>> => {
  const found = registered.find((resource) => resource.type === type);
  if (found === undefined) throw new Error(`no ${type} was registered`);
  return found.inputs;
};

beforeAll(async () => {
  registered = await mockEngine();
  const { createServers } = await import("./servers.ts");
  const { edgeNetworks } = await import("./edge-networks.ts");
  const { DataVolume } = await import("./data-volume.ts");
  const networks = edgeNetworks(settings.dns);
  const created = createServers({ settings, prefix: "landfall-test", edgeNetworks: networks });
  const [first] = created.servers;
  if (first === undefined) throw new Error("no server was made");
  server = first;
  const { volume } = new DataVolume({ server, noun: "postgres-data" });
  await valueOf(volume.urn);
  made = await valueOf(created.made);
  await valueOf(server.provider.urn);
});

test("a Linode is made of exactly these resources besides its images", () => {
  const besides = registered.filter(
    ({ name }) => !/image|build-|push-|staging-g2-(app|lego|migration|nginx|pg|postgres$|redis)/.test(name),
  );
  expect(besides.map(({ type, name }) => `${type} ${name}`).sort()).toEqual(
    [
      "docker:index/volume:Volume staging-g2-postgres-data",
      "landfall:infra:BuildEngine build-engine",
      "landfall:infra:DataDisk staging-data",
      "landfall:infra:DataVolume staging-g2-volume-postgres-data",
      "landfall:infra:Firewall staging-firewall",
      "landfall:infra:LinodeServer staging-g2",
      "landfall:infra:PrivateNetwork private-network",
      "landfall:infra:Server staging-g2",
      "linode:index/firewall:Firewall staging-firewall",
      "linode:index/firewallDevice:FirewallDevice staging-g2",
      "linode:index/instance:Instance staging-g2",
      "linode:index/volume:Volume staging-data",
      "linode:index/vpc:Vpc private-network",
      "linode:index/vpcSubnet:VpcSubnet private-network",
      "pulumi-nodejs:dynamic/delivery:DataFolder staging-g2-folder-postgres-data",
      "pulumi-nodejs:dynamic/delivery:DataMount staging-g2-data-mount",
      "pulumi-nodejs:dynamic/delivery:HostFirewall staging-g2-firewall",
      "pulumi-nodejs:dynamic/delivery:VolumeHandover staging-data-handover",
      "pulumi-nodejs:dynamic/gate:ServerGate staging-g2-ready",
      "pulumi-nodejs:dynamic/server:ServerGeneration staging-g2",
      "pulumi-nodejs:dynamic/ssh:DeployKey deploy-key",
      "pulumi:providers:docker build-engine",
      "pulumi:providers:docker staging-g2",
    ]
      .filter((one) => !one.includes("build-"))
      .sort(),
  );
});

test("the machine's names carry its generation, and those of its data do not", () => {
  expect(inputsOf("linode:index/instance:Instance")["label"]).toBe("landfall-test-staging-g2");
  expect(inputsOf("linode:index/volume:Volume")["label"]).toBe("landfall-test-staging-data");
});

test("cloud-init lets in the stack's own key and the operators'", () => {
  const [metadata] = inputsOf("linode:index/instance:Instance")["metadatas"] as [{ userData: string }];
  const text = gunzipSync(Buffer.from(metadata.userData, "base64")).toString();
  expect(text).toMatch(/^#cloud-config\n/);
  expect(text).toContain("ssh-ed25519 AAAA landfall-test");
  expect(text).toContain("ssh-ed25519 CCCC operator");
});

test("both firewalls admit web requests from the edge's networks only", () => {
  const inbounds = inputsOf("linode:index/firewall:Firewall")["inbounds"] as { label: string; ipv4s: string[] }[];
  expect(inbounds.find(({ label }) => label === "web")?.ipv4s).toEqual(["198.51.100.32/28"]);
  expect(inputsOf("linode:index/firewall:Firewall")["inboundPolicy"]).toBe("DROP");
  expect(inputsOf("pulumi-nodejs:dynamic/delivery:HostFirewall")["ruleset"]).toContain("198.51.100.32/28");
});

test("what others refer to by its id they refer to by a number", () => {
  expect(inputsOf("linode:index/firewallDevice:FirewallDevice")).toMatchObject({
    firewallId: expect.any(Number) as number,
    entityId: expect.any(Number) as number,
  });
  expect(inputsOf("linode:index/volume:Volume")["linodeId"]).toEqual(expect.any(Number));
});

test("Docker reaches the server over ssh, by its pinned host key alone", () => {
  const provider = registered.find(({ type, name }) => type === "pulumi:providers:docker" && name === "staging-g2");
  expect(provider?.inputs["host"]).toBe("ssh://deploy@198.51.100.64:22");
  expect(JSON.stringify(provider?.inputs["sshOpts"])).toContain("ssh-ed25519 BBBB");
});

test("data lies in a folder of the volume", () => {
  expect(inputsOf("docker:index/volume:Volume")["driverOpts"]).toEqual({
    type: "none",
    o: "bind",
    device: "/srv/data/staging-g2-folder-postgres-data",
  });
});

test("what is put out of a server is what a person needs to reach it", () => {
  expect(made).toEqual([
    { name: "staging", publicAddress: "198.51.100.64", privateAddress: "10.77.0.2", hostKey: "ssh-ed25519 BBBB" },
  ]);
});

test("the stack's private key is no input of anything but its own resource", () => {
  const others = registered.filter(({ type }) => type !== "pulumi-nodejs:dynamic/ssh:DeployKey");
  expect(JSON.stringify(others.map(({ inputs }) => unwrapped(inputs)))).not.toContain('private"');
});
