import { expect, test } from "vitest";
import { createAuthority, issueCertificate } from "./authority.ts";
import { readInstalled } from "./installed.ts";

const hosts = ["learn.example.com", "www.learn.example.com"];
const authority = await createAuthority({ commonName: "Test root", validityDays: 365 });
const stranger = await createAuthority({ commonName: "Another root", validityDays: 365 });
const request = { commonName: "learn.example.com", dnsNames: hosts, ipAddresses: [], validityDays: 90 };
const leaf = (await issueCertificate(authority, request)).certificate.trim();
const chain = `${leaf}\n${authority.certificate}`;
const now = Date.now();
const day = 24 * 3600 * 1000;

test("a certificate for the wanted hosts with its chain is read", () => {
  const { notAfter, issuer, serial } = readInstalled(chain, hosts.toReversed(), now);
  expect(Date.parse(notAfter) - now).toBeGreaterThan(89 * day);
  expect(issuer).toBe("CN=Test root");
  expect(serial).toMatch(/^[0-9A-F]+$/);
});

test.each([
  ["one host fewer", chain, hosts.slice(1), now, /is for learn\.example\.com, www\.learn\.example\.com, not for www/],
  ["one host more", chain, [...hosts, "a.example.com"], now, /not for learn\.example\.com/],
  ["after its end", chain, hosts, now + 91 * day, /not now/],
  ["before its time", chain, hosts, now - day, /not now/],
  ["without its chain", leaf, hosts, now, /without its chain/],
  ["with another's chain", `${leaf}\n${stranger.certificate}`, hosts, now, /was not signed by 'CN=Another root'/],
  ["not there", "", hosts, now, /no certificate in place/],
])("a certificate is refused: %s", (_name, pem, wanted, time, reason) => {
  expect(() => readInstalled(pem, wanted, time)).toThrow(reason);
});
