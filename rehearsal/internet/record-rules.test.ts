import { expect, test } from "vitest";
import { checkRecord, type RecordRequest } from "./record-rules.ts";

const good: RecordRequest = { type: "A", name: "www.example.com", content: "198.51.100.64", ttl: 300, proxied: false };

test.each<[string, RecordRequest]>([
  ["an address", good],
  ["a proxied address with an automatic TTL", { ...good, ttl: 1, proxied: true }],
  ["an IPv6 address", { ...good, type: "AAAA", content: "2001:db8::1" }],
  ["an alias", { ...good, type: "CNAME", content: "origin.example.net" }],
  ["a challenge's text", { ...good, name: "_acme-challenge.example.com", type: "TXT", content: "abc-DEF_1" }],
  ["a wildcard", { ...good, name: "*.example.com" }],
  ["a mail server", { ...good, type: "MX", content: "mail.example.com", priority: 10 }],
  [
    "who may issue",
    { ...good, type: "CAA", content: undefined, data: { flags: 0, tag: "issue", value: "ca.example" } },
  ],
  ["flags as text", { ...good, type: "CAA", content: undefined, data: { flags: "128", tag: "iodef", value: "a:b" } }],
  [
    "a service",
    { ...good, type: "SRV", content: undefined, data: { priority: 1, weight: 2, port: 3, target: "a.example" } },
  ],
  ["a comment of 100 characters", { ...good, comment: "x".repeat(100) }],
])("%s is taken", (_, request) => {
  expect(checkRecord(request)).toEqual([]);
});

test.each<[string, string, number, RecordRequest]>([
  ["a type that does not exist", "type", 1004, { ...good, type: "SPF" }],
  ["a type that the rehearsal does not serve", "type", 1004, { ...good, type: "LOC" }],
  ["a name with a space", "name", 9000, { ...good, name: "w w.example.com" }],
  ["a name for an address", "content", 9005, { ...good, content: "origin.example.net" }],
  ["an IPv4 address in AAAA", "content", 9006, { ...good, type: "AAAA" }],
  ["an address in CNAME", "content", 9007, { ...good, type: "CNAME" }],
  ["no content", "content", 9101, { ...good, content: undefined }],
  ["a line break in a text", "content", 9021, { ...good, type: "TXT", content: "a\nb" }],
  ["a mail server without a priority", "priority", 9101, { ...good, type: "MX", content: "mail.example.com" }],
  ["CAA as content", "data", 9101, { ...good, type: "CAA", content: '0 issue "ca.example"' }],
  ["parts of an address", "data", 9207, { ...good, data: { value: "198.51.100.64" } }],
  [
    "a part that CAA has not",
    "data.port",
    9101,
    { ...good, type: "CAA", data: { flags: 0, tag: "issue", value: "a", port: 1 } },
  ],
  ["an unknown tag", "data.tag", 9101, { ...good, type: "CAA", data: { flags: 0, tag: "issues", value: "a" } }],
  ["flags beyond a byte", "data.flags", 9101, { ...good, type: "CAA", data: { flags: 256, tag: "issue", value: "a" } }],
  ["a missing value", "data.value", 9101, { ...good, type: "CAA", data: { flags: 0, tag: "issue" } }],
  ["a TTL of 30, which is for Enterprise", "ttl", 9021, { ...good, ttl: 30 }],
  ["a TTL beyond a day", "ttl", 9021, { ...good, ttl: 86401 }],
  ["a TTL of a proxied record", "ttl", 9021, { ...good, proxied: true }],
  ["a proxied text", "proxied", 9004, { ...good, type: "TXT", content: "x", ttl: 1, proxied: true }],
  ["a comment of 101 characters", "comment", 9300, { ...good, comment: "x".repeat(101) }],
  ["tags, which the Free plan has not", "tags", 9301, { ...good, tags: ["owner:us"] }],
  ["private routing", "private_routing", 9207, { ...good, privateRouting: true }],
  ["a setting of proxied records", "settings.ipv4_only", 9207, { ...good, settings: { ipv4_only: true } }],
])("%s is refused", (...[, property, code, request]) => {
  expect(checkRecord(request).map((fault) => [fault.property, fault.code])).toEqual([[property, code]]);
});

test("all faults are told at once", () => {
  const faults = checkRecord({ ...good, name: "a b", content: "c", ttl: 2, comment: "x".repeat(101) });
  expect(faults.map(({ property }) => property)).toEqual(["name", "content", "ttl", "comment"]);
});
