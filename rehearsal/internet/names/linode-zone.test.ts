import { expect, test } from "vitest";
import { renderDomain, type LinodeDomain, type LinodeRecord } from "./linode-zone.ts";

const domain = (records: readonly LinodeRecord[], parts: Partial<LinodeDomain> = {}): LinodeDomain => ({
  name: "example.com",
  soaEmail: "admin@example.com",
  ttlSec: 0,
  refreshSec: 0,
  retrySec: 0,
  expireSec: 0,
  records,
  ...parts,
});

test("a domain that sets no times has Linode's, and all of its name servers", () => {
  expect(renderDomain(domain([]), 7)).toBe(
    `example.com. 86400 IN SOA ns1.linode.com. admin.example.com. 7 14400 14400 1209600 86400
example.com. 86400 IN NS ns1.linode.com.
example.com. 86400 IN NS ns2.linode.com.
example.com. 86400 IN NS ns3.linode.com.
example.com. 86400 IN NS ns4.linode.com.
example.com. 86400 IN NS ns5.linode.com.
`,
  );
});

test.each<[string, Omit<LinodeRecord, "ttlSec">, string]>([
  ["an address of the domain", { name: "", type: "A", target: "198.51.100.64" }, "example.com. 300 IN A 198.51.100.64"],
  [
    "an address of a host",
    { name: "www", type: "AAAA", target: "2001:db8::1" },
    "www.example.com. 300 IN AAAA 2001:db8::1",
  ],
  [
    "a full name",
    { name: "www.example.com", type: "A", target: "198.51.100.64" },
    "www.example.com. 300 IN A 198.51.100.64",
  ],
  ["a wildcard", { name: "*", type: "CNAME", target: "a.example.net" }, "*.example.com. 300 IN CNAME a.example.net."],
  [
    "who may issue",
    { name: "", type: "CAA", tag: "issue", target: "letsencrypt.org" },
    'example.com. 300 IN CAA 0 issue "letsencrypt.org"',
  ],
  [
    "a text",
    { name: "_acme-challenge", type: "TXT", target: 'a "b"' },
    '_acme-challenge.example.com. 300 IN TXT "a \\"b\\""',
  ],
  [
    "mail",
    { name: "", type: "MX", priority: 10, target: "mail.example.com" },
    "example.com. 300 IN MX 10 mail.example.com.",
  ],
  [
    "a service",
    {
      name: "",
      type: "SRV",
      service: "sip",
      protocol: "tcp",
      priority: 1,
      weight: 2,
      port: 5060,
      target: "sip.example.com",
    },
    "_sip._tcp.example.com. 300 IN SRV 1 2 5060 sip.example.com.",
  ],
])("%s is written as master files have it", (_, record, line) => {
  expect(renderDomain(domain([{ ...record, ttlSec: 300 }]), 7).split("\n")).toContain(line);
});

test("a record without a TTL has the domain's", () => {
  const file = renderDomain(domain([{ name: "", type: "A", target: "198.51.100.64", ttlSec: 0 }], { ttlSec: 120 }), 7);
  expect(file).toContain("example.com. 120 IN A 198.51.100.64\n");
});
