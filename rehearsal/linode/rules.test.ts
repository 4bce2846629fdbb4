import { expect, test } from "vitest";
import { UNKNOWN } from "../plugin/values.ts";
import { firewall } from "./firewall.ts";
import { refuseLostPrivateAddress } from "./instance-rules.ts";
import { instance } from "./instance.ts";
import { checkLabel, checkTags, instanceLabel, volumeLabel, vpcLabel } from "./rules.ts";
import { volume } from "./volume.ts";

const server = {
  label: "landfall-staging-staging-g1",
  region: "us-ord",
  type: "g6-nanode-1",
  image: "linode/debian13",
  metadatas: [{ userData: "I2Nsb3VkLWNvbmZpZwo=" }],
  interfaces: [{ purpose: "public" }, { purpose: "vpc", subnetId: 7, ipv4: { vpc: "10.77.0.11" } }],
};
const rule = {
  label: "allow-ssh",
  action: "ACCEPT",
  protocol: "TCP",
  ports: "22, 8000-8999",
  ipv4s: ["198.51.100.0/28"],
};
const wall = { label: "landfall-staging", inboundPolicy: "DROP", outboundPolicy: "ACCEPT", inbounds: [rule] };
const disk = { label: "landfall-staging-data", region: "us-ord", size: 10 };

const properties = (faults: readonly { property: string }[]): string[] => faults.map(({ property }) => property);

test("what staging uses passes", () => {
  expect(instance.check(server)).toEqual([]);
  expect(firewall.check(wall)).toEqual([]);
  expect(volume.check(disk)).toEqual([]);
});

test("what is not known yet passes", () => {
  const unknown = { purpose: "vpc", subnetId: UNKNOWN };
  const inputs = {
    ...server,
    label: UNKNOWN,
    metadatas: [{ userData: UNKNOWN }],
    interfaces: [{ purpose: "public" }, unknown],
  };
  expect(instance.check(inputs)).toEqual([]);
  expect(firewall.check({ ...wall, inbounds: [{ ...rule, ipv4s: UNKNOWN, ports: UNKNOWN }] })).toEqual([]);
});

test.each([
  ["ab", instanceLabel],
  ["a".repeat(51), instanceLabel],
  ["web-", instanceLabel],
  ["web--1", instanceLabel],
  ["web 1", instanceLabel],
  ["a".repeat(33), volumeLabel],
  ["data.1", volumeLabel],
  ["my_vpc", vpcLabel],
])("the label %s is refused", (label, form) => {
  expect(checkLabel(label, form)).not.toEqual([]);
});

test("the longest labels pass", () => {
  expect([...checkLabel("a".repeat(50), instanceLabel), ...checkLabel("a".repeat(32), volumeLabel)]).toEqual([]);
});

test("user-data must be in base64, and at most 65535 bytes of it", () => {
  const of = (userData: string): string[] => properties(instance.check({ ...server, metadatas: [{ userData }] }));
  expect(of("#cloud-config")).toEqual(["metadatas[0].userData"]);
  expect(of(Buffer.alloc(65_535).toString("base64"))).toEqual([]);
  expect(of(Buffer.alloc(65_536).toString("base64"))).toEqual(["metadatas[0].userData"]);
});

test("what a server is given and the rehearsal does nothing with is refused by its name", () => {
  expect(properties(instance.check({ ...server, stackscriptId: 3, rootPass: "x" }))).toEqual([
    "rootPass",
    "stackscriptId",
  ]);
});

test("an interface of another purpose's properties is refused", () => {
  const of = (...interfaces: object[]): string[] => properties(instance.check({ ...server, interfaces }));
  expect(of({ purpose: "vpc", subnetId: 7 })).toEqual(["interfaces"]);
  expect(of({ purpose: "public" }, { purpose: "vpc" })).toEqual(["interfaces[1].subnetId"]);
  expect(of({ purpose: "public", subnetId: 7 })).toEqual(["interfaces[0].subnetId"]);
  expect(of({ purpose: "public" }, { purpose: "public" })).toEqual(["interfaces"]);
});

test("a firewall's rules are held against the vendor's limits, all at once", () => {
  const of = (...inbounds: object[]): string[] => properties(firewall.check({ ...wall, inbounds }));
  expect(of({ ...rule, label: "1st", action: "REJECT", protocol: "SCTP" })).toEqual([
    "inbounds[0].label",
    "inbounds[0].action",
    "inbounds[0].protocol",
  ]);
  expect(of({ ...rule, ports: "0" }, { ...rule, ports: "90-80" }, { ...rule, ports: "http" })).toHaveLength(3);
  expect(of({ ...rule, protocol: "ICMP" })).toEqual(["inbounds[0].ports"]);
  expect(of({ ...rule, ipv4s: ["198.51.100.7"], ipv6s: ["2001:db8::/129"] })).toEqual([
    "inbounds[0].ipv4s[0]",
    "inbounds[0].ipv6s[0]",
  ]);
  expect(of({ ...rule, ipv4s: Array.from({ length: 256 }, () => "198.51.100.7/32") })).toEqual(["inbounds[0]"]);
  expect(of({ ...rule, ipv4s: [] })).toEqual(["inbounds[0]"]);
  expect(of(...Array.from({ length: 26 }, () => rule))).toEqual(["inbounds"]);
});

test("a volume is of 10 GB at least, and has a region", () => {
  expect(properties(volume.check({ label: "data", size: 9 }))).toEqual(["region", "size"]);
});

test("a tag has 3 to 50 characters", () => {
  expect(properties(checkTags(["ok!", "no", UNKNOWN, "a".repeat(51)]))).toEqual(["tags[1]", "tags[3]"]);
});

test("a private address is not given back, nor by leaving it out", () => {
  const known = { id: 7, privateAddress: "192.168.129.64" };
  const told = "Error removing private IP address for Instance 7";
  expect(() => {
    refuseLostPrivateAddress(known, {});
  }).toThrow(told);
  expect(() => {
    refuseLostPrivateAddress(known, { privateIp: false });
  }).toThrow(told);
  expect(() => {
    refuseLostPrivateAddress(known, { privateIp: true });
  }).not.toThrow();
  expect(() => {
    refuseLostPrivateAddress({ id: 7 }, {});
  }).not.toThrow();
});
