import { expect, test } from "vitest";
import { UNKNOWN } from "../plugin/values.ts";
import { checkProperties } from "../plugin/validate.ts";
import { dnsRecord } from "./dns-record.ts";

const good = { zoneId: "z", name: "www.example.com", type: "A", content: "198.51.100.64", ttl: 1, proxied: true };
const caa = { zoneId: "z", name: "example.com", type: "CAA", ttl: 300 };

test.each([
  ["a proxied address", good],
  ["an address that is not known yet", { ...good, content: UNKNOWN, zoneId: UNKNOWN }],
  ["who may issue", { ...caa, data: { flags: 0, tag: "issue", value: "letsencrypt.org" } }],
  ["an authority that is not known yet", { ...caa, data: { flags: 0, tag: "issue", value: UNKNOWN } }],
  ["parts that are not known yet", { ...caa, data: UNKNOWN }],
  ["a type that is not known yet", { ...good, type: UNKNOWN, ttl: UNKNOWN }],
])("%s passes", (_, inputs) => {
  expect([...checkProperties(dnsRecord.inputs, inputs), ...dnsRecord.check(inputs)]).toEqual([]);
});

test.each([
  ["a TTL of a proxied record", { ...good, ttl: 300 }, "ttl"],
  ["a name relative to the zone", { ...good, name: "www" }, "name"],
  ["a name in capitals", { ...good, name: "WWW.example.com" }, "name"],
  ["an alias to a name with a dot at its end", { ...good, type: "CNAME", content: "a.example.net." }, "content"],
  ["an alias to an address", { ...good, type: "CNAME" }, "content"],
  ["CAA as content", { ...caa, content: '0 issue "letsencrypt.org"' }, "data"],
  [
    "an unknown tag beside a value that is not known yet",
    { ...caa, data: { flags: 0, tag: "i", value: UNKNOWN } },
    "data.tag",
  ],
  ["a setting of proxied records", { ...good, proxied: false, settings: { ipv4Only: true } }, "settings.ipv4Only"],
  ["private routing", { ...good, privateRouting: true }, "privateRouting"],
])("%s is refused at the property", (_, inputs, property) => {
  expect(dnsRecord.check(inputs).map((fault) => fault.property)).toEqual([property]);
});

test("properties that old versions had are refused by name", () => {
  const faults = checkProperties(dnsRecord.inputs, { ...good, value: "198.51.100.64", allowOverwrite: true });
  expect(faults.map(({ property }) => property)).toEqual(["value", "allowOverwrite"]);
});

test("another zone or type makes another record", () => {
  const replacing = Object.entries(dnsRecord.inputs).filter(([, { replaces }]) => replaces === true);
  expect(replacing.map(([name]) => name)).toEqual(["zoneId", "type"]);
});
