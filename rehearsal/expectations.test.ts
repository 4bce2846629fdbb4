import { expect, test } from "vitest";
import { certificate } from "../infra/settings/certificate.ts";
import { dns } from "../infra/settings/dns.ts";
import type { Cloud } from "./cloud/cloud.ts";
import { dnsExpectations } from "./expectations.ts";

const cloud: Cloud = { stack: "staging", folder: "/", prefix: "198.51.100", tokens: { linode: "", cloudflare: "" } };
const issuer = certificate.parse({ issuer: "local-ca" });

test("each vendor's name servers are asked for the names that it answers for", () => {
  const cloudflare = dns.parse({ provider: "cloudflare", zone: "example.com", proxied: false, ttl: 600 });
  expect(dnsExpectations(cloud, { dns: cloudflare, certificate: issuer })).toMatchObject({
    zone: "example.com",
    ttlSeconds: 600,
    nameServers: ["198.51.100.33"],
  });
  const linode = dns.parse({ provider: "linode", zone: "example.com", ttl: 30 });
  expect(dnsExpectations(cloud, { dns: linode, certificate: issuer })).toMatchObject({
    zone: "example.com",
    ttlSeconds: 30,
    nameServers: ["198.51.100.4"],
  });
});

test("Cloudflare chooses how long a record is kept where it is left to it", () => {
  const chosen = dns.parse({ provider: "cloudflare", zone: "example.com" });
  expect(dnsExpectations(cloud, { dns: chosen, certificate: issuer }).ttlSeconds).toBe(300);
});
