import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Cloud } from "../cloud/cloud.ts";
import { readAuthority } from "./authorities.ts";
import { serverCertificate } from "./server-certificate.ts";

let cloud: Cloud;

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), "certificates-"));
  cloud = { stack: "staging", folder, prefix: "198.51.100", tokens: { linode: "", cloudflare: "" } };
});

afterEach(() => {
  rmSync(cloud.folder, { recursive: true });
});

test("a server has a certificate of the internet's root, the same one for the same names", async () => {
  const names = ["us-ord-1.linodeobjects.com", "*.us-ord-1.linodeobjects.com"];
  const made = await serverCertificate(cloud, names);
  const certificate = new X509Certificate(made.certificate);
  const root = readAuthority(join(cloud.folder, "internet", "authorities"), "internet");
  expect(certificate.verify(new X509Certificate(root.certificate).publicKey)).toBe(true);
  expect(certificate.checkHost("media.us-ord-1.linodeobjects.com")).toBeDefined();
  expect(await serverCertificate(cloud, names)).toEqual(made);
  expect(await serverCertificate(cloud, ["other.linodeobjects.com"])).not.toEqual(made);
});
