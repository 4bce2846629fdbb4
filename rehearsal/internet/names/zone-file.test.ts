import { expect, test } from "vitest";
import { record, zoneWith } from "../testing.ts";
import type { DnsRecord } from "../zone.ts";
import { renderAddresses, renderZone } from "./zone-file.ts";

const heading = `example.com. 1800 IN SOA ada.ns.cloudflare.com. dns.cloudflare.com. 7 10000 2400 604800 1800
example.com. 86400 IN NS ada.ns.cloudflare.com.
example.com. 86400 IN NS bob.ns.cloudflare.com.
`;

function lines(...records: readonly DnsRecord[]): string[] {
  const file = renderZone(zoneWith(records), { edge: "198.51.100.33", serial: 7 });
  expect(file.startsWith(heading)).toBe(true);
  return file.slice(heading.length).split("\n").slice(0, -1);
}

test("a zone without records still has its authority and its servers", () => {
  expect(lines()).toEqual([]);
});

test("an automatic TTL is five minutes, and another one is kept", () => {
  expect(lines(record(), record({ name: "b.example.com", ttl: 60 }))).toEqual([
    "www.example.com. 300 IN A 198.51.100.64",
    "b.example.com. 60 IN A 198.51.100.64",
  ]);
});

test("a proxied name has the edge's address, once, whatever its records hold", () => {
  const v6 = record({ type: "AAAA", content: "2001:db8::1", proxied: true });
  expect(lines(record({ proxied: true }), v6)).toEqual(["www.example.com. 300 IN A 198.51.100.33"]);
});

test("a proxied alias hides where it leads to", () => {
  const alias = record({ type: "CNAME", content: "origin.example.net", proxied: true });
  expect(lines(alias)).toEqual(["www.example.com. 300 IN A 198.51.100.33"]);
});

test("an alias at the apex appears as the addresses that it leads to", () => {
  const apex = record({ name: "example.com", type: "CNAME", content: "WWW.example.com." });
  expect(lines(apex, record())).toEqual([
    "example.com. 300 IN A 198.51.100.64",
    "www.example.com. 300 IN A 198.51.100.64",
  ]);
});

test.each<[string, string, number | undefined, string]>([
  ["TXT", "plain", undefined, '"plain"'],
  ["TXT", '"quoted already"', undefined, '"quoted already"'],
  ["TXT", '"in" "two"', undefined, '"intwo"'],
  ["TXT", 'say "x" \\', undefined, '"say \\"x\\" \\\\"'],
  ["TXT", "a".repeat(300), undefined, `"${"a".repeat(255)}" "${"a".repeat(45)}"`],
  ["CNAME", "other.example.net", undefined, "other.example.net."],
  ["MX", "mail.example.com", 10, "10 mail.example.com."],
  ["SRV", "5 443 host.example.com", 1, "1 5 443 host.example.com."],
  ["CAA", '0 issue "letsencrypt.org"', undefined, '0 issue "letsencrypt.org"'],
])("a %s record of %s is written as master files have it", (...[type, content, priority, value]) => {
  const given = record({ type, content, ...(priority === undefined ? {} : { priority }) });
  expect(lines(given)).toEqual([`www.example.com. 300 IN ${type} ${value}`]);
});

test("a vendor's zone holds its addresses only", () => {
  expect(renderAddresses("cloudflare.com", { "api.cloudflare.com": "198.51.100.33" })).toContain(
    "\napi.cloudflare.com. 60 IN A 198.51.100.33\n",
  );
});
