import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createAuthority, issueCertificate } from "../../infra/certificates/authority.ts";
import { crossSign, openAuthorities, readAuthority } from "./authorities.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "authorities-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test("authorities are made once, for their owner's eyes", async () => {
  const made = await openAuthorities(folder);
  expect(await openAuthorities(folder)).toEqual(made);
  expect(readAuthority(folder, "issuance")).toEqual(made.issuance);
  expect(statSync(join(folder, "issuance.json")).mode & 0o777).toBe(0o600);
});

test("a certificate of an authority that is new at every start leads to the root that stays", async () => {
  const { issuance } = await openAuthorities(folder);
  const passing = await createAuthority({ commonName: "Pebble Intermediate CA", validityDays: 1 });
  const signed = await crossSign(issuance, passing.certificate);
  const crossed = new X509Certificate(signed);
  const request = { commonName: "a", dnsNames: ["a.example.com"], ipAddresses: [], validityDays: 1 };
  const leaf = new X509Certificate((await issueCertificate(passing, request)).certificate);
  const root = new X509Certificate(issuance.certificate);
  expect(leaf.verify(crossed.publicKey) && leaf.checkIssued(crossed)).toBe(true);
  expect(crossed.verify(root.publicKey) && crossed.checkIssued(root)).toBe(true);
  expect(crossed.ca && root.ca).toBe(true);
  const keyId = (pem: string): string | undefined =>
    new x509.X509Certificate(pem).getExtension(x509.SubjectKeyIdentifierExtension)?.keyId;
  expect(keyId(signed)).toBe(keyId(passing.certificate));
});
