import { expect, test } from "vitest";
import { record, zoneWith } from "../testing.ts";
import type { DnsRecord } from "../zone.ts";
import { planVisit, type Plan } from "./plan.ts";

const proxied = record({ proxied: true });

interface Visit {
  readonly host?: string;
  readonly scheme?: "http" | "https";
  readonly records?: readonly DnsRecord[];
  readonly settings?: Readonly<Record<string, unknown>>;
}

function plan({ host = "www.example.com", scheme = "https", records = [proxied], settings = {} }: Visit): Plan {
  return planVisit([zoneWith(records, settings)], { host, scheme, target: "/a?b=c", edge: "198.51.100.33" });
}

test.each([
  ["off", "http", "http", false],
  ["flexible", "http", "http", false],
  ["flexible", "https", "http", false],
  ["full", "http", "http", false],
  ["full", "https", "https", false],
  ["strict", "http", "http", true],
  ["strict", "https", "https", true],
  ["origin_pull", "http", "https", true],
] as const)("mode %s takes a visit over %s to the origin over %s", (...[ssl, scheme, to, strict]) => {
  const found = plan({ scheme, settings: { ssl } });
  expect(found).toMatchObject({ kind: "origin", origins: [{ host: "198.51.100.64", scheme: to, strict }] });
});

test("HTTPS always means a redirection to the same path, challenges of ACME included", () => {
  expect(plan({ scheme: "http", settings: { always_use_https: "on" } })).toEqual({
    kind: "redirect",
    location: "https://www.example.com/a?b=c",
  });
});

test("mode off has no HTTPS", () => {
  expect(plan({ settings: { ssl: "off" } })).toEqual({ kind: "redirect", location: "http://www.example.com/a?b=c" });
});

test.each([
  ["an address", "198.51.100.33", 1003],
  ["no host", "", 1003],
  ["a host of another account", "www.example.org", 1001],
  ["a host without a record", "other.example.com", 1001],
])("%s is refused", (_, host, code) => {
  expect(plan({ host })).toEqual({ kind: "error", code });
});

test("a record that is not proxied is not served", () => {
  expect(plan({ records: [record()] })).toEqual({ kind: "error", code: 1001 });
});

test("the edge is no origin of its own", () => {
  const records = [record({ proxied: true, content: "198.51.100.33" })];
  expect(plan({ records })).toEqual({ kind: "error", code: 1000 });
});

test("an alias is followed to its addresses within the zone, and to a name outside of it", () => {
  const alias = (content: string): DnsRecord => record({ type: "CNAME", content, proxied: true });
  const target = record({ name: "origin.example.com", content: "198.51.100.65", proxied: true });
  expect(plan({ records: [alias("origin.example.com"), target] })).toMatchObject({
    origins: [{ host: "198.51.100.65" }],
  });
  expect(plan({ records: [alias("origin.example.net")] })).toMatchObject({ origins: [{ host: "origin.example.net" }] });
  expect(plan({ records: [alias("www.example.com")] })).toEqual({ kind: "error", code: 1016 });
});
