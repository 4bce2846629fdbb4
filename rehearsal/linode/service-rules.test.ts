import { expect, test } from "vitest";
import { UNKNOWN } from "../plugin/values.ts";
import { databasePostgresql } from "./database-postgresql.ts";
import { domainRecord } from "./domain-record.ts";
import { domain } from "./domain.ts";
import { nodeBalancerConfig } from "./node-balancer-config.ts";
import { nodeBalancerNode } from "./node-balancer-node.ts";
import { nodeBalancer } from "./node-balancer.ts";
import { objectStorageBucket } from "./object-storage-bucket.ts";
import { objectStorageKey } from "./object-storage-key.ts";
import { placementGroup } from "./placement-group.ts";

const port = { nodebalancerId: 5, port: 443, protocol: "tcp", proxyProtocol: "v2", check: "connection" };
const node = { nodebalancerId: 5, configId: 7, label: "edge-1", address: "192.168.254.64:8443", mode: "drain" };
const database = {
  label: "landfall-production",
  region: "us-ord",
  type: "g6-dedicated-4",
  engineId: "postgresql/17",
  clusterSize: 3,
  allowLists: ["198.51.100.64/32", "2001:db8::/32"],
  updates: { dayOfWeek: 7, duration: 4, frequency: "weekly", hourOfDay: 3 },
};
const bucket = { label: "landfall-production-media", region: "us-ord", acl: "private", versioning: true };
const record = { domainId: 3, name: "www", recordType: "A", target: "198.51.100.224", ttlSec: 300 };

const properties = (faults: readonly { property: string }[]): string[] => faults.map(({ property }) => property);

test("what production uses passes, and so does what is not known yet", () => {
  expect(nodeBalancer.check({ label: "landfall-production", region: "us-ord", clientConnThrottle: 20 })).toEqual([]);
  expect(nodeBalancerConfig.check(port)).toEqual([]);
  expect(nodeBalancerNode.check(node)).toEqual([]);
  expect(nodeBalancerNode.check({ ...node, address: UNKNOWN })).toEqual([]);
  expect(databasePostgresql.check(database)).toEqual([]);
  expect(databasePostgresql.check({ ...database, allowLists: [UNKNOWN] })).toEqual([]);
  expect(objectStorageBucket.check(bucket)).toEqual([]);
  expect(domain.check({ domain: "example.com", type: "master", soaEmail: "a@example.com", ttlSec: 300 })).toEqual([]);
  expect(domainRecord.check(record)).toEqual([]);
  expect(domainRecord.check({ ...record, target: UNKNOWN })).toEqual([]);
});

test("a NodeBalancer takes at most 20 connections a second from one client", () => {
  expect(properties(nodeBalancer.check({ label: "a.b", clientConnThrottle: 21 }))).toEqual([
    "label",
    "clientConnThrottle",
  ]);
});

test("a port without a protocol is HTTP with the vendor, which a rehearsal has not", () => {
  const { protocol: _, ...rest } = port;
  expect(properties(nodeBalancerConfig.check(rest))).toEqual(["protocol"]);
});

test("a check must have ended before the next one begins", () => {
  expect(properties(nodeBalancerConfig.check({ ...port, checkInterval: 5, checkTimeout: 5 }))).toEqual([
    "checkTimeout",
  ]);
  expect(nodeBalancerConfig.check({ ...port, checkInterval: 5, checkTimeout: 4 })).toEqual([]);
  // What is left out is the vendor's own: 5 s and 3 s.
  expect(properties(nodeBalancerConfig.check({ ...port, checkInterval: 2 }))).toEqual(["checkTimeout"]);
  expect(properties(nodeBalancerConfig.check({ ...port, checkTimeout: 6 }))).toEqual(["checkTimeout"]);
});

test.each(["10.77.0.21:8443", "192.168.254.64", "192.168.254.64:0", "web:80"])(
  "a node cannot be at %s, which is no private address with a port",
  (address) => {
    expect(properties(nodeBalancerNode.check({ ...node, address }))).toEqual(["address"]);
  },
);

test("two nodes of a database need a dedicated plan", () => {
  const of = (type: string, clusterSize: number): string[] =>
    properties(databasePostgresql.check({ ...database, type, clusterSize }));
  expect(of("g6-standard-2", 2)).toEqual(["clusterSize"]);
  expect([...of("g6-standard-2", 3), ...of("g6-dedicated-2", 2)]).toEqual([]);
  expect(of("g6-dedicated-2", 4)).toEqual(["clusterSize"]);
});

test("a setting of a database that a rehearsal does nothing with is refused by its name", () => {
  expect(properties(databasePostgresql.check({ ...database, engineConfigPgMaxWalSenders: 20 }))).toEqual([
    "engineConfigPgMaxWalSenders",
  ]);
  expect(databasePostgresql.check({ ...database, engineConfigWorkMem: 16 })).toEqual([]);
});

test("who may come to a database is told by addresses, and its maintenance by the vendor's hours", () => {
  expect(properties(databasePostgresql.check({ ...database, allowLists: ["everybody"] }))).toEqual(["allowLists[0]"]);
  const updates = { ...database.updates, hourOfDay: 24 };
  expect(properties(databasePostgresql.check({ ...database, updates }))).toEqual(["updates.hourOfDay"]);
});

test("a bucket is private, its name fits into a host's, and its two keys come together", () => {
  expect(properties(objectStorageBucket.check({ ...bucket, acl: "public-read" }))).toEqual(["acl"]);
  expect(properties(objectStorageBucket.check({ ...bucket, label: "Landfall_Media" }))).toEqual(["label"]);
  expect(properties(objectStorageBucket.check({ ...bucket, accessKey: "a" }))).toEqual(["secretKey"]);
});

test("a rule of a bucket's life does something, in one way", () => {
  const rules = (rule: object): string[] =>
    properties(objectStorageBucket.check({ ...bucket, lifecycleRules: [{ enabled: true, ...rule }] }));
  expect(rules({})).toEqual(["lifecycleRules[0]"]);
  expect(rules({ expiration: { days: 30, date: "2027-01-01" } })).toEqual(["lifecycleRules[0].expiration"]);
  expect(rules({ noncurrentVersionExpiration: { days: 0 } })).toEqual([
    "lifecycleRules[0].noncurrentVersionExpiration.days",
  ]);
  expect(rules({ expiration: { days: 30 } })).toEqual([]);
});

test("a key is limited to buckets or says its regions", () => {
  const access = { bucketName: "media", region: "us-ord", permissions: "read_only" };
  expect(objectStorageKey.check({ label: "media", bucketAccesses: [access] })).toEqual([]);
  expect(properties(objectStorageKey.check({ label: "media" }))).toEqual(["regions"]);
  expect(
    properties(objectStorageKey.check({ label: "media", bucketAccesses: [{ ...access, permissions: "all" }] })),
  ).toEqual(["bucketAccesses[0].permissions"]);
});

test("a time of the vendor's DNS is one that it has", () => {
  expect(properties(domainRecord.check({ ...record, ttlSec: 60 }))).toEqual(["ttlSec"]);
});

test("a record's target is of its type, and only a CAA record has a tag", () => {
  expect(properties(domainRecord.check({ ...record, recordType: "AAAA" }))).toEqual(["target"]);
  expect(properties(domainRecord.check({ ...record, tag: "issue" }))).toEqual(["tag"]);
  expect(properties(domainRecord.check({ ...record, recordType: "CAA", target: "letsencrypt.org" }))).toEqual(["tag"]);
});

test("a domain needs somebody to write to", () => {
  expect(properties(domain.check({ domain: "example.com", type: "master" }))).toEqual(["soaEmail"]);
});

test("a placement group keeps servers apart, the one way that the vendor has", () => {
  const group = { label: "app", region: "us-ord", placementGroupType: "affinity:local" };
  expect(properties(placementGroup.check(group))).toEqual(["placementGroupType"]);
});
