import { beforeAll, expect, test } from "vitest";
import { alerts } from "../settings/alerts.ts";
import { certificate as certificateSettings } from "../settings/certificate.ts";
import { dns } from "../settings/dns.ts";
import { proxy as proxySettings } from "../settings/proxy.ts";
import { engineAtHand } from "../testing/engine-at-hand.ts";
import { isSecretInput, mockEngine, unwrapped, valueOf, type RegisteredResource } from "../testing/mocks.ts";
import type { CertificateRequest } from "./create-certificate.ts";
import type { ProxyCertificate } from "./proxy-certificate.ts";
import type { ProxySite } from "./proxy-site.ts";

let registered: RegisteredResource[];
let create: (changes: Partial<CertificateRequest["settings"]>) => ProxyCertificate;
let serve: (certificate: ProxyCertificate) => ProxySite;
let certificate: ProxyCertificate;

const hosts: [string, ...string[]] = ["learn.example.com", "www.learn.example.com"];
const acme = (challenge: "dns-01" | "http-01") =>
  certificateSettings.parse({ issuer: "acme", email: "operations@example.com", challenge });

const inputsOf = (type: string, name: string): Readonly<Record<string, unknown>> => {
  const found = registered.find((resource) => resource.type === type && resource.name === `one-${name}`);
  if (found === undefined) throw new Error(`no ${type} named ${name} was registered`);
  return found.inputs;
};

beforeAll(async () => {
  registered = await mockEngine();
  const { CertificateAuthority } = await import("./certificate-authority.ts");
  const { CertificateFolder } = await import("./certificate-folder.ts");
  const { createCertificate } = await import("./create-certificate.ts");
  const { Network } = await import("./network.ts");
  const { Proxy } = await import("./proxy.ts");
  const { ProxySite: Site } = await import("./proxy-site.ts");
  const { Server } = await import("./server.ts");
  const server = new Server({ ...engineAtHand, generation: "one" });
  const network = new Network({ server });
  const settings = proxySettings.parse({});
  const folder = new CertificateFolder({ server });
  const proxy = new Proxy({ server, network, certificates: folder, balanced: false, settings, after: [] });
  const authority = new CertificateAuthority("internal-authority", { commonName: "Test" });
  const wanted: CertificateRequest["settings"] = {
    hosts: [...hosts],
    certificate: acme("dns-01"),
    dns: dns.parse({ provider: "cloudflare", zone: "example.com" }),
    alerts: alerts.parse({}),
    secrets: { cloudflare: { dnsToken: "the-zone's-token" } },
  };
  create = (changes) =>
    createCertificate({
      edges: [{ server, network, folder }],
      authority,
      settings: { ...wanted, ...changes },
      after: [proxy],
    }).on(server);
  serve = (certificate) =>
    new Site({
      server,
      proxy,
      upstream: { kind: "container", host: "app-1", port: 8000 },
      upstreamAuthority: "",
      release: "1",
      checks: [],
      certificate,
      hosts,
      settings,
      clientAddress: undefined,
      proxyProtocol: undefined,
    });
  certificate = create({});
  if (certificate.kind === "folder") await valueOf(certificate.gate.urn);
});

test("the server looks after the certificate without rights, with its own trust, and where the proxy only reads", () => {
  expect(inputsOf("docker:index/container:Container", "certificates")).toMatchObject({
    user: "996:996",
    readOnly: true,
    capabilities: { drops: ["ALL"] },
    restart: "unless-stopped",
    networksAdvanced: [{ name: "landfall-test-edge" }],
    ports: [],
    volumes: [
      { containerPath: "/run/secrets" },
      { volumeName: "landfall-test-certificates-data", containerPath: "/var/lib/lego" },
      { volumeName: "landfall-test-proxy-certificates", containerPath: "/var/lib/certificates" },
      { hostPath: "/etc/ssl/certs", containerPath: "/run/trust", readOnly: true },
    ],
  });
  expect(inputsOf("docker:index/container:Container", "proxy")["volumes"]).toContainEqual({
    volumeName: "landfall-test-proxy-certificates",
    containerPath: "/var/lib/certificates",
    readOnly: true,
  });
});

test("the token is a delivered file and stands in no variable and no gate", () => {
  const { files } = inputsOf("pulumi-nodejs:dynamic/delivery:FileDelivery", "certificates-files");
  expect(isSecretInput(files)).toBe(true);
  expect(unwrapped(files)).toEqual({ dns_token: "the-zone's-token" });
  const { envs } = inputsOf("docker:index/container:Container", "certificates");
  expect(envs).toEqual([
    "ACME_DIRECTORY=https://acme-v02.api.letsencrypt.org/directory",
    "ACME_EMAIL=operations@example.com",
    "ACME_HOSTS=learn.example.com www.learn.example.com",
    "ACME_CHALLENGE=dns-01",
    "ACME_KEY_TYPE=ec256",
    "RENEW_BEFORE_DAYS=30",
    "ACME_DNS_PROVIDER=cloudflare",
    "DNS_TOKEN_FILE=/run/secrets/dns_token",
  ]);
  const gate = inputsOf("pulumi-nodejs:dynamic/gate:CertificateGate", "certificate-issued");
  expect(JSON.stringify(gate)).not.toContain("the-zone's-token");
});

test("the gate is fed with what it vouches for", () => {
  expect(inputsOf("pulumi-nodejs:dynamic/gate:CertificateGate", "certificate-issued")).toMatchObject({
    engine: "unix:///var/run/docker.sock",
    container: "one-certificates-id",
    hosts,
    directory: "https://acme-v02.api.letsencrypt.org/directory",
    challenge: "dns-01",
    deadlineSeconds: 520,
  });
});

test("dns-01 without a token is refused with the command that sets one", () => {
  expect(() => create({ secrets: {} })).toThrow(/config set --secret --path landfall:secrets.cloudflare.dnsToken/);
});

test("records at Linode are made with Linode's token, and given the time that its name servers take", async () => {
  registered.length = 0;
  const linode = create({
    dns: dns.parse({ provider: "linode", zone: "example.com" }),
    secrets: { cloudflare: { dnsToken: "the-zone's-token" }, linode: { dnsToken: "the-domain's-token" } },
  });
  if (linode.kind === "folder") await valueOf(linode.gate.urn);
  const { files } = inputsOf("pulumi-nodejs:dynamic/delivery:FileDelivery", "certificates-files");
  expect(unwrapped(files)).toEqual({ dns_token: "the-domain's-token" });
  expect(inputsOf("docker:index/container:Container", "certificates")["envs"]).toContain("ACME_DNS_PROVIDER=linode");
  expect(inputsOf("pulumi-nodejs:dynamic/gate:CertificateGate", "certificate-issued")).toMatchObject({
    deadlineSeconds: 1360,
  });
});

test("who is to be told is a delivered file, and nothing of it stands anywhere else", async () => {
  registered.length = 0;
  const webhook = "https://hooks.example.net/services/secret-path";
  const told = create({
    secrets: { cloudflare: { dnsToken: "the-zone's-token" }, alerts: { webhook } },
  });
  if (told.kind === "folder") await valueOf(told.gate.urn);
  const { files } = inputsOf("pulumi-nodejs:dynamic/delivery:FileDelivery", "certificates-files");
  expect(isSecretInput(files)).toBe(true);
  expect(unwrapped(files)).toEqual({ dns_token: "the-zone's-token", alert_webhook: webhook });
  const { envs } = inputsOf("docker:index/container:Container", "certificates");
  expect(envs).toEqual(
    expect.arrayContaining([
      "ALERT_WEBHOOK_FILE=/run/secrets/alert_webhook",
      "ALERT_DAYS=21",
      "ALERT_SOURCE=Landfall test, one-certificates",
    ]),
  );
  expect(JSON.stringify(registered.filter(({ type }) => !type.endsWith("FileDelivery")))).not.toContain("secret-path");
});

/** What a site with this certificate is delivered, and the probe of its gate. */
async function siteOf(of: ProxyCertificate) {
  registered.length = 0;
  await valueOf(serve(of).gate.urn);
  return {
    ...inputsOf("pulumi-nodejs:dynamic/delivery:ProxyConfiguration", "proxy-site"),
    probe: inputsOf("pulumi-nodejs:dynamic/gate:HealthGate", "proxy-healthy")["probe"],
  };
}

test("the site names the certificate in the folder and carries no key; only http-01 has the proxy answer", async () => {
  const site = await siteOf(certificate);
  expect(site).toMatchObject({
    configuration: expect.stringContaining("ssl_certificate_key /var/lib/certificates/current/key.pem;") as string,
  });
  expect(site).not.toHaveProperty("privateKey");
  expect(JSON.stringify(site)).not.toContain("acme-challenge");
  expect(await siteOf(create({ certificate: acme("http-01") }))).toMatchObject({
    configuration: expect.stringContaining("root /var/lib/certificates/challenges;") as string,
  });
});

test("a certificate of the environment's own authority is delivered, its key as a secret", async () => {
  const site = await siteOf(create({ certificate: certificateSettings.parse({}) }));
  expect(site).toMatchObject({
    configuration: expect.stringContaining("ssl_certificate certificate.pem;") as string,
    privateKey: expect.toSatisfy(isSecretInput) as unknown,
    probe: { rootCertificate: "certificate of local-authority" },
  });
});
