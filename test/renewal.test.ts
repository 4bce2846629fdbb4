import { X509Certificate } from "node:crypto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createAuthority, daysLeft } from "../infra/certificates/authority.ts";
import { issue, needsIssue } from "../infra/certificates/local.ts";
import { createSigningRequest, needsSigningRequest, withOwnKey } from "../infra/certificates/signing-request.ts";
import { createOriginRoot, issueOriginCertificate } from "../rehearsal/internet/origin-ca.ts";

// Certificates that updates renew, with an update on each of many days.
const day = 24 * 60 * 60 * 1000;
const start = Date.parse("2027-01-01T12:00:00Z");
const hosts = ["learn.example.com", "www.example.com"];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: start });
});

afterEach(() => {
  vi.useRealTimers();
});

/**
 * Has an update run on each day.
 *
 * @param update gives the certificate that is in place after it
 * @returns the days on which another certificate came into place
 */
async function renewals(days: number, update: () => Promise<string>): Promise<number[]> {
  const renewed: number[] = [];
  let before: string | undefined;
  for (let count = 0; count < days; count += 1) {
    vi.setSystemTime(start + count * day);
    const certificate = await update();
    const { validFromDate, validToDate } = new X509Certificate(certificate);
    expect(validFromDate.getTime()).toBeLessThanOrEqual(Date.now());
    expect(validToDate.getTime()).toBeGreaterThan(Date.now());
    if (before !== certificate) renewed.push(count);
    before = certificate;
  }
  return renewed;
}

test("a certificate of the environment's own authority is renewed in its last thirty days, and not before", async () => {
  const authority = await createAuthority({ commonName: "Test root", validityDays: 3650 });
  const inputs = {
    authorityCertificate: authority.certificate,
    authorityPrivateKey: authority.privateKey,
    commonName: "learn.example.com",
    dnsNames: hosts,
    ipAddresses: [],
    validityDays: 90,
    renewalDays: 30,
  };
  let issued = await issue(inputs);
  const days = await renewals(200, async () => {
    if (needsIssue(issued, inputs, Date.now())) issued = await issue(inputs);
    expect(daysLeft(issued.certificate, Date.now())).toBeGreaterThan(inputs.renewalDays);
    return issued.certificate;
  });
  expect(days).toEqual([0, 60, 120, 180]);
});

test("a certificate of Cloudflare's authority for origins is renewed with a key of its own, in its last thirty days", async () => {
  const root = await createOriginRoot("origin-ecc");
  const inputs = { hosts, validityDays: 365, renewalDays: 30 };
  const ask = async (csr: string): Promise<string> =>
    (
      await issueOriginCertificate(root, {
        csr,
        hostnames: hosts,
        request_type: "origin-ecc",
        requested_validity: inputs.validityDays,
      })
    ).toString("pem");
  let request = await createSigningRequest(inputs, Date.now());
  let certificate = await ask(request.csr);
  const keys = new Set<string>();
  const days = await renewals(800, async () => {
    if (needsSigningRequest(request, inputs, Date.now())) {
      request = await createSigningRequest(inputs, Date.now());
      certificate = await ask(request.csr);
    }
    keys.add(request.privateKey);
    return withOwnKey(certificate, request.privateKey);
  });
  expect(days).toEqual([0, 335, 670]);
  expect(keys.size).toBe(3);
});
