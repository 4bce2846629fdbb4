import type * as pulumi from "@pulumi/pulumi";
import { beforeAll, expect, test } from "vitest";
import { alerts } from "../settings/alerts.ts";
import { certificate as certificateSettings } from "../settings/certificate.ts";
import { dns } from "../settings/dns.ts";
import { engineAtHand } from "../testing/engine-at-hand.ts";
import { inputsIn, isSecretInput, mockEngine, unwrapped, valueOf, type RegisteredResource } from "../testing/mocks.ts";

let registered: RegisteredResource[];
let gates: pulumi.Resource[];

const inputsOf = (type: string, name: string): RegisteredResource["inputs"] => inputsIn(registered, type, name);
const containerType = "docker:index/container:Container";

beforeAll(async () => {
  registered = await mockEngine();
  const { CertificateAuthority } = await import("./certificate-authority.ts");
  const { CertificateFolder } = await import("./certificate-folder.ts");
  const { createCertificate } = await import("./create-certificate.ts");
  const { Network } = await import("./network.ts");
  const { Server } = await import("./server.ts");
  const edge = (name: string, privateAddress: string) => {
    const server = new Server({ ...engineAtHand, generation: name, prefix: `landfall-${name}`, privateAddress });
    return { server, network: new Network({ server }), folder: new CertificateFolder({ server }) };
  };
  const edges = [edge("edge-1", "10.77.0.11"), edge("edge-2", "10.77.0.12"), edge("edge-3", "10.77.0.13")] as const;
  const certificate = createCertificate({
    edges,
    authority: new CertificateAuthority("internal-authority", { commonName: "Test" }),
    settings: {
      hosts: ["learn.example.com", "www.example.com"],
      certificate: certificateSettings.parse({ issuer: "acme", email: "a@example.com", challenge: "dns-01" }),
      dns: dns.parse({ provider: "cloudflare", zone: "example.com" }),
      alerts: alerts.parse({}),
      secrets: { cloudflare: { dnsToken: "the-zone's-token" } },
    },
    after: [],
  });
  gates = edges.flatMap(({ server }) => {
    const taken = certificate.on(server);
    return taken.kind === "folder" ? [taken.gate] : [];
  });
  await Promise.all(gates.map(({ urn }) => valueOf(urn)));
});

test("one edge asks the issuer, the others follow it, and each has a gate of its own", () => {
  const names = registered
    .filter(({ type, name }) => type === containerType && name.includes("certificate"))
    .map(({ name }) => name);
  expect(names.sort()).toEqual([
    "edge-1-certificate-source",
    "edge-1-certificates",
    "edge-2-certificate-follower",
    "edge-3-certificate-follower",
  ]);
  expect(new Set(gates).size).toBe(3);
});

test("the certificate is handed on at the keeper's private address alone, by who can only read it", () => {
  expect(inputsOf(containerType, "edge-1-certificate-source")).toMatchObject({
    user: "996:996",
    readOnly: true,
    envs: ["CERTIFICATES_ROLE=hand-on"],
    networksAdvanced: [{ name: "landfall-edge-1-peers" }],
    ports: [{ internal: 8444, external: 8444, ip: "10.77.0.11" }],
    volumes: [
      { containerPath: "/run/secrets" },
      { volumeName: "landfall-edge-1-proxy-certificates", containerPath: "/var/lib/certificates", readOnly: true },
    ],
  });
  const tls = inputsOf("pulumi-nodejs:dynamic/certificate:LocalCertificate", "edge-1-certificate-source-certificate");
  expect(tls).toMatchObject({ dnsNames: ["certificates"], ipAddresses: ["10.77.0.11"] });
  expect(tls).not.toHaveProperty("usage");
});

test("a follower shows a client's certificate, has neither the zone's token nor a port, and its proxy reads what it writes", () => {
  expect(
    inputsOf("pulumi-nodejs:dynamic/certificate:LocalCertificate", "edge-2-certificate-follower-certificate"),
  ).toMatchObject({ commonName: "certificate-follower", usage: "client" });
  const { files } = inputsOf("pulumi-nodejs:dynamic/delivery:FileDelivery", "edge-2-certificate-follower-files");
  expect(isSecretInput(files)).toBe(true);
  expect(Object.keys(unwrapped(files) as object)).toEqual(["authority.crt", "client.crt", "client.key"]);
  expect(inputsOf(containerType, "edge-2-certificate-follower")).toMatchObject({
    ports: [],
    envs: [
      "CERTIFICATES_ROLE=follow",
      "CERTIFICATE_SOURCE=https://10.77.0.11:8444",
      "CERTIFICATE_HOSTS=learn.example.com www.example.com",
    ],
    volumes: [
      { containerPath: "/run/secrets" },
      { volumeName: "landfall-edge-2-proxy-certificates", containerPath: "/var/lib/certificates" },
      { hostPath: "/etc/ssl/certs", containerPath: "/run/trust", readOnly: true },
    ],
  });
});

test("a follower's gate compares with the keeper's own container", () => {
  expect(inputsOf("pulumi-nodejs:dynamic/gate:CertificateFollowerGate", "edge-2-certificate-followed")).toMatchObject({
    container: "edge-2-certificate-follower-id",
    keeper: "edge-1-certificates-id",
    source: "https://10.77.0.11:8444",
    hosts: ["learn.example.com", "www.example.com"],
  });
});
