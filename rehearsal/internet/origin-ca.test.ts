import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { X509Certificate } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { createOriginRoot, issueOriginCertificate, type OriginRequest } from "./origin-ca.ts";
import { checkOriginRequest } from "./origin-request.ts";
import { csrOf } from "./testing.ts";

let csr: string;

beforeAll(async () => {
  csr = await csrOf("ecdsa");
});

const request = (parts: Partial<OriginRequest> = {}): OriginRequest => ({
  csr,
  hostnames: ["example.com", "*.example.com"],
  request_type: "origin-ecc",
  requested_validity: 90,
  ...parts,
});

test.each(["ecdsa", "rsa"] as const)("a certificate for an %s key leads to the root of its kind", async (kind) => {
  const type = kind === "rsa" ? "origin-rsa" : "origin-ecc";
  const root = await createOriginRoot(type);
  const issued = await issueOriginCertificate(root, request({ csr: await csrOf(kind), request_type: type }));
  const [leaf, authority] = [new X509Certificate(issued.toString("pem")), new X509Certificate(root.certificate)];
  expect(leaf.verify(authority.publicKey) && leaf.checkIssued(authority)).toBe(true);
  expect(leaf.subject).toContain("CN=CloudFlare Origin Certificate");
  expect(leaf.subjectAltName).toBe("DNS:example.com, DNS:*.example.com");
  expect(Math.round((leaf.validToDate.getTime() - Date.now()) / 86_400_000)).toBe(90);
  expect(checkOriginRequest(request({ csr: await csrOf(kind), request_type: type }))).toEqual([]);
});

test("the names in the signing request itself are not taken over", async () => {
  const issued = await issueOriginCertificate(await createOriginRoot("origin-ecc"), request());
  expect(issued.getExtension(x509.SubjectAlternativeNameExtension)?.names.toJSON()).not.toContainEqual({
    type: "dns",
    value: "of.the.request",
  });
});

test.each<[string, Partial<OriginRequest>, string, string]>([
  ["another type", { request_type: "origin" }, "request_type", "is no request type"],
  ["a keyless server", { request_type: "keyless-certificate" }, "request_type", "keyless"],
  ["the other kind of key", { request_type: "origin-rsa" }, "csr", "is of the kind origin-ecc"],
  ["other days", { requested_validity: 60 }, "requested_validity", "60 days cannot be asked for; there are 7, 30"],
  ["no hostnames", { hostnames: [] }, "hostnames", "At least one"],
  ["a wildcard in the middle", { hostnames: ["a.*.example.com"] }, "hostnames", "is no hostname"],
  ["a wildcard for everything", { hostnames: ["*.com"] }, "hostnames", "is no hostname"],
  ["an address", { hostnames: ["198.51.100.64"] }, "hostnames", "is no hostname"],
  ["capitals", { hostnames: ["WWW.example.com"] }, "hostnames", "lower case"],
  ["a name twice", { hostnames: ["a.example.com", "a.example.com"] }, "hostnames", "twice"],
  ["no PEM", { csr: "MIIB" }, "csr", "must be PEM"],
  [
    "a damaged request",
    { csr: "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----" },
    "csr",
    "cannot be read",
  ],
])("%s is refused at its property", (...[, parts, property, message]) => {
  const faults = checkOriginRequest(request(parts));
  expect(faults.map((fault) => fault.property)).toEqual([property]);
  expect(faults[0]?.message).toContain(message);
});
