import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { createAuthority, issueCertificate } from "../certificates/authority.ts";
import { alerts } from "../settings/alerts.ts";
import { certificate as certificateSettings } from "../settings/certificate.ts";
import { dns } from "../settings/dns.ts";
import { engineAtHand } from "../testing/engine-at-hand.ts";
import { mockEngine, valueOf, type RegisteredResource } from "../testing/mocks.ts";
import type { CertificateRequest, EdgeCertificate } from "./create-certificate.ts";
import type { DeliveredCertificate } from "./proxy-certificate.ts";
import type { Server } from "./server.ts";

const authority = await createAuthority({ commonName: "Test root", validityDays: 365 });
const request = { commonName: "learn.example.com", dnsNames: ["learn.example.com"], ipAddresses: [] };
const issued = await issueCertificate(authority, { ...request, validityDays: 90 });
const chain = `${issued.certificate.trim()}\n${authority.certificate}`;

let registered: RegisteredResource[];
let edges: Server[];
let create: (
  certificate: CertificateRequest["settings"]["certificate"],
  secrets?: CertificateRequest["settings"]["secrets"],
) => EdgeCertificate;

beforeAll(async () => {
  registered = await mockEngine({
    "pulumi-nodejs:dynamic/certificate:SigningRequest": { csr: "the request", privateKey: issued.privateKey },
    "cloudflare:index/originCaCertificate:OriginCaCertificate": { certificate: issued.certificate, expiresOn: "later" },
  });
  const { CertificateAuthority } = await import("./certificate-authority.ts");
  const { createCertificate } = await import("./create-certificate.ts");
  const { Network } = await import("./network.ts");
  const { Server: EdgeServer } = await import("./server.ts");
  const edge = (generation: string) => {
    const server = new EdgeServer({ ...engineAtHand, generation });
    return { server, network: new Network({ server }), folder: undefined };
  };
  const both = [edge("edge-1"), edge("edge-2")] as const;
  edges = both.map(({ server }) => server);
  const internal = new CertificateAuthority("internal-authority", { commonName: "Test" });
  create = (certificate, secrets = {}) =>
    createCertificate({
      edges: both,
      authority: internal,
      settings: {
        hosts: ["learn.example.com"],
        certificate,
        dns: dns.parse({ provider: "cloudflare", zone: "example.com" }),
        alerts: alerts.parse({}),
        secrets,
      },
      after: [],
    });
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** The one certificate that every edge takes. */
function delivered(certificate: EdgeCertificate): DeliveredCertificate {
  const [one, ...others] = edges.map((server) => certificate.on(server));
  if (one?.kind !== "delivered") throw new Error("The certificate is not delivered.");
  for (const other of others) expect(other).toBe(one);
  return one;
}

test("a certificate of Cloudflare's authority is asked for with the stack's own key, which stays a secret", async () => {
  const certificate = create(certificateSettings.parse({ issuer: "origin-ca", validityDays: 90 }));
  const { certificate: shown, privateKey, rootCertificate } = delivered(certificate);
  expect(await valueOf(shown)).toBe(issued.certificate);
  expect(await valueOf(rootCertificate)).toBe(issued.certificate);
  expect(await valueOf(privateKey)).toBe(issued.privateKey);
  expect(await pulumi.isSecret(privateKey)).toBe(true);
  expect(await pulumi.isSecret(shown)).toBe(false);
  expect(certificate.privateRoot).toBeUndefined();
  const asked = registered.find(({ type }) => type.endsWith(":OriginCaCertificate"));
  expect(asked?.inputs).toEqual({
    csr: "the request",
    hostnames: ["learn.example.com"],
    requestType: "origin-ecc",
    requestedValidity: 90,
  });
  const made = registered.find(({ type }) => type.endsWith(":SigningRequest"));
  expect(made?.inputs).toMatchObject({ hosts: ["learn.example.com"], validityDays: 90, renewalDays: 30 });
});

test("a given certificate is delivered with its chain, its key as a secret", async () => {
  const certificate = create(certificateSettings.parse({ issuer: "given", chain }), {
    certificate: { privateKey: issued.privateKey },
  });
  const { certificate: shown, privateKey } = delivered(certificate);
  expect(await valueOf(shown)).toBe(`${chain}\n`);
  expect(await valueOf(privateKey)).toBe(issued.privateKey);
  expect(await pulumi.isSecret(privateKey)).toBe(true);
  expect(certificate.privateRoot).toBeUndefined();
});

test("a given certificate that is near its end is warned of, and one with time is not", () => {
  const warn = vi.spyOn(pulumi.log, "warn").mockResolvedValue(undefined);
  const secrets = { certificate: { privateKey: issued.privateKey } };
  create(certificateSettings.parse({ issuer: "given", chain, warningDays: 88 }), secrets);
  expect(warn).not.toHaveBeenCalled();
  create(certificateSettings.parse({ issuer: "given", chain, warningDays: 89 }), secrets);
  expect(warn).toHaveBeenCalledExactlyOnceWith(
    expect.stringContaining("expires in 89 days, and nobody but you renews it"),
    expect.anything(),
  );
});

test("people have to trust the root of the environment's own authority, and no other", async () => {
  const certificate = create(certificateSettings.parse({}));
  expect(await valueOf(certificate.privateRoot ?? pulumi.output(""))).toBe("certificate of local-authority");
});
