import { expect, test } from "vitest";
import { types } from "../resource-types.ts";
import { being, faults, given, untold, type Draft, type Mutations } from "../testing/estate.ts";
import { unknown } from "../value.ts";

const record = (inputs: object): Draft => ({
  type: types.record,
  inputs: { zoneId: "zone-1", name: "learn.example.com", type: "A", proxied: true, ttl: 1, ...inputs },
});

const broken: readonly (readonly [string, Mutations, string])[] = [
  ["C1", { ssl: given({ value: "full" }) }, "ssl sets ssl to full; it must be strict"],
  ["C1", { tls: given({ value: "1.0" }) }, "tls sets min_tls_version to 1.0; it must be 1.2 or 1.3"],
  ["C1", { https: given({ value: "off" }) }, "https sets always_use_https to off; it must be on"],
  [
    "C1",
    { tls: undefined, https: undefined },
    "ssl is of a zone for which min_tls_version and always_use_https is left as it is",
  ],
  [
    "C1",
    { caa: undefined },
    "certificate gets a certificate for learn.example.com, for which every authority may issue",
  ],
  [
    "C1",
    { caa: given({ data: { tag: "issue", value: "sectigo.com" } }) },
    "certificate gets a certificate for learn.example.com from acme-v02.api.letsencrypt.org, and only sectigo.com may issue for it",
  ],
  [
    "C2",
    { host: given({ proxied: false }) },
    "host shows the server's address to everybody who asks for learn.example.com",
  ],
  [
    "C2",
    { second: record({ content: "203.0.113.9" }) },
    "second is a second A record of learn.example.com, besides host",
  ],
  [
    "C2",
    { second: record({ name: "Learn.Example.com." }) },
    "second is a second A record of learn.example.com, besides host",
  ],
  ["C3", { host: given({ ttl: 300 }) }, "host is proxied and has a time to live of its own (300)"],
  [
    "C3",
    { cache: given({ rules: [{ description: "static files" }] }) },
    "cache has a rule without a ref: static files",
  ],
];

test.each(broken)("%s is broken by each of its faults alone (%#)", (rule, mutations, message) => {
  expect(faults(rule, mutations)).toEqual([message]);
});

test("zones apart are judged apart, and other settings are nobody's matter", () => {
  const other = { type: types.zoneSetting, inputs: { zoneId: "zone-2", settingId: "brotli", value: "on" } };
  expect(faults("C1", { other })).toEqual([
    "other is of a zone for which ssl and min_tls_version and always_use_https is left as it is",
  ]);
});

test("a certificate for a host whose records are somebody else's is nobody's matter", () => {
  expect(faults("C1", { host: undefined, caa: undefined })).toEqual([]);
});

test("a host may show its server's address where the settings say so", () => {
  const options = { rules: { C2: { allow: ["learn.example.com"] } }, waivers: [] };
  expect(faults("C2", { host: given({ proxied: false }) }, options)).toEqual([]);
});

test("records of other names, types and zones are no second ones", () => {
  const others = { a: record({ name: "x.example.com" }), b: record({ type: "AAAA" }), c: record({ zoneId: "zone-2" }) };
  expect(faults("C2", others)).toEqual([]);
  expect(faults("C2", { going: being({ change: "delete" })(record({})) })).toEqual([]);
});

const open: readonly (readonly [string, Mutations, string])[] = [
  ["C1", { ssl: given({ value: unknown }) }, "ssl: value"],
  ["C1", { certificate: given({ hosts: unknown }) }, "certificate: hosts"],
  ["C2", { host: given({ proxied: unknown }) }, "host: proxied"],
  ["C3", { host: given({ ttl: unknown }) }, "host: ttl"],
];

test.each(open)("%s is not evaluated without a value it needs (%#)", (rule, mutations, property) => {
  expect(untold(rule, mutations)).toEqual(["not evaluated", `${property} is not known before the change is made`]);
});
