import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { createPrivateKey, createPublicKey, webcrypto } from "node:crypto";
import { expect, test } from "vitest";
import { createAuthority, issueCertificate } from "./authority.ts";
import { createSigningRequest, needsSigningRequest, withOwnKey } from "./signing-request.ts";

const day = 24 * 3600 * 1000;
const now = Date.parse("2026-03-01T12:00:00Z");
const inputs = { hosts: ["learn.example.com", "www.example.com"], validityDays: 365, renewalDays: 30 };
const made = await createSigningRequest(inputs, now);

test("a request names the hosts, is signed with its own key, and that key is in no part of it", async () => {
  const request = new x509.Pkcs10CertificateRequest(made.csr);
  expect(await request.verify(webcrypto)).toBe(true);
  expect(request.subject).toBe("CN=learn.example.com");
  const names = new x509.SubjectAlternativeNameExtension(request.getExtension("2.5.29.17")?.rawData ?? "");
  expect(names.names.toJSON()).toEqual(inputs.hosts.map((value) => ({ type: "dns", value })));
  const own = createPublicKey(createPrivateKey(made.privateKey)).export({ format: "der", type: "spki" });
  expect(Buffer.from(request.publicKey.rawData).equals(own)).toBe(true);
  expect(made.madeAt).toBe("2026-03-01T12:00:00.000Z");
});

test("another update makes none while the certificate has time, and one when no more than the renewal days are left", () => {
  expect(needsSigningRequest(made, inputs, now)).toBe(false);
  expect(needsSigningRequest(made, inputs, now + 334 * day)).toBe(false);
  expect(needsSigningRequest(made, inputs, now + 335 * day)).toBe(true);
  expect(needsSigningRequest(made, inputs, now + 1000 * day)).toBe(true);
});

test("another host or validity asks for another certificate", () => {
  expect(needsSigningRequest(made, { ...inputs, hosts: ["learn.example.com"] }, now)).toBe(true);
  expect(needsSigningRequest(made, { ...inputs, validityDays: 730 }, now)).toBe(true);
  expect(needsSigningRequest(made, { ...inputs, renewalDays: 60 }, now)).toBe(false);
});

test("a certificate goes to the proxy with its own key only", async () => {
  const authority = await createAuthority({ commonName: "Test root", validityDays: 365 });
  const issued = await issueCertificate(authority, {
    commonName: "learn.example.com",
    dnsNames: ["learn.example.com"],
    ipAddresses: [],
    validityDays: 90,
  });
  expect(withOwnKey(issued.certificate, issued.privateKey)).toBe(issued.certificate);
  expect(() => withOwnKey(issued.certificate, made.privateKey)).toThrow(/was issued for another key/);
});
