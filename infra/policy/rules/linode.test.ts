import { expect, test } from "vitest";
import { types } from "../resource-types.ts";
import { being, faults, given, untold, type Mutations } from "../testing/estate.ts";
import { secret, unknown } from "../value.ts";

const admits = (other: object): Mutations => ({
  firewall: given({
    inbounds: [{ label: "one", action: "ACCEPT", protocol: "TCP", ports: "22", ipv4s: ["0.0.0.0/0"], ...other }],
  }),
});

const balancer = { type: types.balancer };

const broken: readonly (readonly [string, Mutations, string])[] = [
  ["L1", { "server-device": undefined }, "server-g1 stands behind no firewall"],
  ["L1", { balancer }, "balancer stands behind no firewall"],
  [
    "L1",
    { firewall: given({ inboundPolicy: "ACCEPT" }) },
    "firewall lets in what no rule of it names (inboundPolicy: ACCEPT)",
  ],
  [
    "L1",
    { firewall: given({ inboundPolicy: undefined }) },
    "firewall lets in what no rule of it names (inboundPolicy: ACCEPT)",
  ],
  ["L1", { firewall: given({ disabled: true }) }, "firewall is switched off"],
  ["L2", admits({}), "firewall lets everybody reach port 22 (rule one)"],
  ["L2", admits({ ports: "5432" }), "firewall lets everybody reach port 5432 (rule one)"],
  ["L2", admits({ ports: "2375, 2376" }), "firewall lets everybody reach port 2375, 2376 (rule one)"],
  ["L2", admits({ ipv4s: [], ipv6s: ["::/0"] }), "firewall lets everybody reach port 22 (rule one)"],
  ["L2", admits({ ipv4s: ["128.0.0.0/1"] }), "firewall lets everybody reach port 22 (rule one)"],
  ["L2", admits({ ports: undefined }), "firewall lets everybody reach every port (rule one)"],
  [
    "L2",
    admits({ ports: "443", label: undefined }),
    "firewall lets everybody past Cloudflare to port 443, though host is proxied (rule without a label)",
  ],
  [
    "L3",
    { "server-g1": given({ metadatas: undefined }) },
    "server-g1 is given no key, so nobody could log in but by a password",
  ],
  ["L3", { "server-g1": given({ rootPass: secret }) }, "server-g1 has a root password"],
  ["L3", { "server-g1": given({ diskEncryption: "disabled" }) }, "server-g1 has disks that are not encrypted"],
  ["L3", { disk: given({ encryption: undefined }) }, "disk is not encrypted"],
  [
    "L3",
    { "postgres-data": being({ inputs: {}, options: { protect: true, deletedWith: "server-g1" } }) },
    "server-g1 has postgres-data on its own disk, and no backups",
  ],
  ["L4", { firewall: given({ outboundPolicy: undefined }) }, "firewall does not say what may go out"],
  ["L4", { firewall: given({ outboundPolicy: "DROP" }) }, "firewall lets nothing out"],
];

test.each(broken)("%s is broken by each of its faults alone (%#)", (rule, mutations, message) => {
  expect(faults(rule, mutations)).toEqual([message]);
});

test("a firewall may be attached in each of the three ways", () => {
  const without = { "server-device": undefined };
  expect(faults("L1", { ...without, "server-g1": given({ firewallId: 1 }) })).toEqual([]);
  expect(
    faults("L1", {
      ...without,
      firewall: being({ inputs: { inboundPolicy: "DROP" }, from: { linodes: ["server-g1"] } }),
    }),
  ).toEqual([]);
});

test("a NodeBalancer's firewall may be attached in each of the three ways", () => {
  const device = { type: types.firewallDevice, from: { entityId: ["balancer"] } };
  const list = { type: types.firewall, inputs: { inboundPolicy: "DROP" }, from: { nodebalancers: ["balancer"] } };
  expect(faults("L1", { balancer, "balancer-device": device })).toEqual([]);
  expect(faults("L1", { balancer, "balancer-firewall": list })).toEqual([]);
  expect(faults("L1", { balancer: { ...balancer, inputs: { firewallId: 1 } } })).toEqual([]);
});

test("the web's ports are open to everybody where nothing is proxied, and others where the settings say so", () => {
  expect(faults("L2", { ...admits({ ports: "80,443" }), host: undefined })).toEqual([]);
  expect(faults("L2", admits({ ports: "25" }), { rules: { L2: { allow: ["25"] } }, waivers: [] })).toEqual([]);
  expect(faults("L2", admits({ action: "DROP" }))).toEqual([]);
});

test("data on a Linode's own disk is right with Linode's backups", () => {
  const data = being({ inputs: {}, options: { protect: true, deletedWith: "server-g1" } });
  expect(faults("L3", { "postgres-data": data, "server-g1": given({ backupsEnabled: true }) })).toEqual([]);
});

test("a firewall that lets out what its rules name is right", () => {
  const outbounds = [{ label: "web", action: "ACCEPT", protocol: "TCP", ports: "443", ipv4s: ["0.0.0.0/0"] }];
  expect(faults("L4", { firewall: given({ outboundPolicy: "DROP", outbounds }) })).toEqual([]);
});

const open: readonly (readonly [string, Mutations, string])[] = [
  ["L1", { firewall: given({ inboundPolicy: unknown }) }, "firewall: inboundPolicy"],
  ["L2", admits({ ipv4s: unknown }), "firewall: inbounds[0].ipv4s"],
  ["L3", { "server-g1": given({ diskEncryption: unknown }) }, "server-g1: diskEncryption"],
  ["L4", { firewall: given({ outboundPolicy: unknown }) }, "firewall: outboundPolicy"],
];

test.each(open)("%s is not evaluated without a value it needs", (rule, mutations, property) => {
  expect(untold(rule, mutations)).toEqual(["not evaluated", `${property} is not known before the change is made`]);
});

test("an instance whose keys are not known yet is given some", () => {
  expect(faults("L3", { "server-g1": given({ metadatas: unknown }) })).toEqual([]);
  expect(types.instance).toBe("linode:index/instance:Instance");
});
