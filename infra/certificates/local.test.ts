import { expect, test } from "vitest";
import { createAuthority } from "./authority.ts";
import { issue, needsIssue } from "./local.ts";

const authority = await createAuthority({ commonName: "Test root", validityDays: 365 });
const inputs = {
  authorityCertificate: authority.certificate,
  authorityPrivateKey: authority.privateKey,
  commonName: "localhost",
  dnsNames: ["localhost"],
  ipAddresses: ["127.0.0.1"],
  validityDays: 90,
  renewalDays: 30,
};
const issued = await issue(inputs);
const days = (count: number): number => Date.now() + count * 24 * 3600 * 1000;

test("an unchanged certificate with time left is left alone", () => {
  expect(needsIssue(issued, inputs, days(0))).toBe(false);
  expect(needsIssue(issued, inputs, days(58))).toBe(false);
});

test("a certificate is renewed once no more than the renewal days are left", () => {
  expect(needsIssue(issued, inputs, days(60))).toBe(true);
  expect(needsIssue(issued, inputs, days(500))).toBe(true);
});

test("a certificate that was made before usages were told apart is a server's, and is left alone", () => {
  expect(needsIssue(issued, { ...inputs, usage: "server" }, days(0))).toBe(false);
  expect(needsIssue(issued, { ...inputs, usage: "client" }, days(0))).toBe(true);
});

test("another name, address or authority asks for another certificate", () => {
  expect(needsIssue(issued, { ...inputs, dnsNames: ["example.com"] }, days(0))).toBe(true);
  expect(needsIssue(issued, { ...inputs, ipAddresses: [] }, days(0))).toBe(true);
  expect(needsIssue(issued, { ...inputs, authorityCertificate: "other" }, days(0))).toBe(true);
});
