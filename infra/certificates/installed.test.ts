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
  { case: "one host fewer", wanted: hosts.slice(1), reason: /is for learn.*, www\.learn.*, not for www/ },
  { case: "one host more", wanted: [...hosts, "a.example.com"], reason: /not for learn\.example\.com/ },
  { case: "after its end", time: now + 91 * day, reason: /not now/ },
  { case: "before its time", time: now - day, reason: /not now/ },
  { case: "without its chain", pem: leaf, reason: /without its chain/ },
  { case: "with another's chain", pem: `${leaf}\n${stranger.certificate}`, reason: /not signed by 'CN=Another root'/ },
  { case: "not there", pem: "", reason: /no certificate in place/ },
])("a certificate is refused: $case", ({ pem = chain, wanted = hosts, time = now, reason }) => {
  expect(() => readInstalled(pem, wanted, time)).toThrow(reason);
});
