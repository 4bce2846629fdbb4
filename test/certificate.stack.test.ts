import { once } from "node:events";
import { Resolver } from "node:dns/promises";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deliverConfiguration } from "../infra/delivery/proxy.ts";
import { isNotFound } from "../infra/engine/engine.ts";
import { execute } from "../infra/engine/execute.ts";
import { passCertificateGate, type CertificateGateInputs } from "../infra/gates/certificate.ts";
import { renderNginx } from "../infra/proxy/nginx.ts";
import { containerPorts } from "../infra/proxy/site.ts";
import { addressOf, nameOf, places, rootsFile, type Cloud } from "../rehearsal/cloud/cloud.ts";
import { removeContainer, startContainer } from "../rehearsal/cloud/container.ts";
import { ensurePublicNetwork } from "../rehearsal/cloud/network.ts";
import { openCloud, prefixVariable } from "../rehearsal/cloud/open.ts";
import { removeCloud } from "../rehearsal/cloud/remove.ts";
import { dnsToken } from "../rehearsal/internet/account.ts";
import { receivedHooks } from "../rehearsal/internet/hooks/received.ts";
import { startInternet } from "../rehearsal/internet/start.ts";
import { engineAddress, openEngine } from "../tools/engine.ts";
import { buildImage } from "./services/images.ts";

// The images that get, renew and show a certificate, on an internet with a real ACME server and a real DNS server.
const engine = openEngine();
const host = "learn.example.com";
const folder = "/var/lib/certificates";
const hardened = {
  ReadonlyRootfs: true,
  CapDrop: ["ALL"],
  SecurityOpt: ["no-new-privileges:true"],
  Init: true,
  Tmpfs: Object.fromEntries(["/tmp", "/run/proxy"].map((path) => [path, "rw,noexec,uid=996,gid=996,mode=0700"])),
};
const volumes = ["certificates", "lego", "proxy"] as const;
let cloud: Cloud;

const volume = (noun: (typeof volumes)[number]): string => nameOf(cloud, `volume-${noun}`);
const proxyAddress = (): string => addressOf(cloud, 150);

/** Lets the container run that looks after the certificate; one that runs with other variables is made anew. */
async function lookAfter(
  environment: Readonly<Record<string, string>>,
  image = "lego",
): Promise<CertificateGateInputs> {
  const directory = "https://acme-v02.api.letsencrypt.org/directory";
  const trust = join(cloud.folder, "trust");
  await startContainer(cloud, {
    noun: "certificates",
    image: image === "lego" ? await buildImage("lego") : image,
    address: addressOf(cloud, 151),
    environment: {
      ACME_DIRECTORY: directory,
      ACME_EMAIL: "operations@example.com",
      ACME_HOSTS: host,
      ACME_CHALLENGE: "dns-01",
      ACME_KEY_TYPE: "ec256",
      ACME_DNS_PROVIDER: "cloudflare",
      DNS_TOKEN_FILE: "/run/trust/token",
      ...environment,
    },
    mounts: [`${volume("certificates")}:${folder}`, `${volume("lego")}:/var/lib/lego`, `${trust}:/run/trust:ro`],
    settings: hardened,
  });
  const container = nameOf(cloud, "certificates");
  return { engine: engineAddress, container, hosts: [host], directory, challenge: "dns-01", deadlineSeconds: 90 };
}

/** The image with a clock that a file in the container's trust folder sets ahead, `+61d`. lego's own stays as it is. */
async function imageWithClock(): Promise<string> {
  const name = "landfall-test/lego-with-clock";
  const context = join(cloud.folder, "image-with-clock");
  mkdirSync(context, { recursive: true });
  const dockerfile = `FROM ${await buildImage("lego")}
USER root
RUN apt-get update && apt-get install -y --no-install-recommends libfaketime && ln -s /usr/lib/*/faketime/libfaketime.so.1 /usr/lib/clock.so
USER 996:996
ENV LD_PRELOAD=/usr/lib/clock.so FAKETIME_TIMESTAMP_FILE=/run/trust/clock FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1
`;
  writeFileSync(join(context, "Dockerfile"), dockerfile);
  const progress = await engine.buildImage({ context, src: ["Dockerfile"] }, { t: name });
  await new Promise<void>((resolve, reject) => {
    engine.modem.followProgress(progress, (error: Error | null, events: { error?: string }[]) => {
      const failure = error?.message ?? events.find((event) => event.error !== undefined)?.error;
      if (failure === undefined) resolve();
      else reject(new Error(`The image ${name} could not be built: ${failure}`));
    });
  });
  return name;
}

/** Sets the clock of that image's containers, the running ones too. */
function setClock(ahead: string): void {
  writeFileSync(join(cloud.folder, "trust", "clock"), `${ahead}\n`, { mode: 0o644 });
}

/** The serial number that a client sees who trusts the rehearsal's roots alone. */
async function servedSerial(): Promise<string> {
  const socket = connect({
    host: proxyAddress(),
    port: containerPorts.https,
    servername: host,
    ca: readFileSync(rootsFile(cloud)),
  });
  await once(socket, "secureConnect");
  const { serialNumber } = socket.getPeerCertificate();
  socket.write(`GET /health/live HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  const [answer] = (await once(socket, "data")) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 (200|502|503) /);
  socket.destroy();
  return serialNumber;
}

async function statusOf(container: string): Promise<{ serial: string; lastError: { message: string } | null }> {
  const command = ["cat", `${folder}/status.json`];
  const { stdout } = await execute(engine, { container, command, signal: AbortSignal.timeout(10_000) });
  return JSON.parse(stdout) as { serial: string; lastError: { message: string } | null };
}

/** Removes the cloud and the volumes, which Docker has made without a label of the cloud's. */
async function removeAll(): Promise<void> {
  await removeCloud(cloud);
  for (const noun of volumes) {
    await engine
      .getVolume(volume(noun))
      .remove()
      .catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
  }
}

beforeAll(async () => {
  process.env[prefixVariable] ??= "198.51.98";
  cloud = await openCloud("test-certificate");
  // A killed run has left its certificate and its webhooks.
  await removeAll();
  cloud = await openCloud("test-certificate");
  await ensurePublicNetwork(cloud, []);
  await startInternet(cloud, { zones: ["example.com"] });
  const trust = join(cloud.folder, "trust");
  mkdirSync(trust, { recursive: true, mode: 0o755 });
  writeFileSync(join(trust, "ca-certificates.crt"), readFileSync(rootsFile(cloud)), { mode: 0o644 });
  writeFileSync(join(trust, "token"), dnsToken(cloud), { mode: 0o644 });
  await startContainer(cloud, {
    noun: "proxy",
    image: await buildImage("nginx"),
    address: proxyAddress(),
    mounts: [`${volume("certificates")}:${folder}:ro`, `${volume("proxy")}:/var/lib/proxy`],
    settings: hardened,
  });
});

afterAll(async () => {
  await removeAll();
});

test("a certificate is issued over DNS-01, the proxy shows it, and the record is gone again", async () => {
  const inputs = await lookAfter({ RENEW_BEFORE_DAYS: "30" });
  const { outs } = await passCertificateGate(inputs);
  expect(Date.parse(outs.notAfter)).toBeGreaterThan(Date.now());
  await deliverConfiguration({
    engine: engineAddress,
    container: nameOf(cloud, "proxy"),
    configuration: renderNginx({
      hosts: [host],
      httpsPort: 443,
      upstream: { kind: "container", host: "app", port: 8000 },
      hsts: { maxAgeSeconds: 60, includeSubdomains: false, preload: false },
      metricsNetworks: [],
      maxBodyBytes: 1024,
      answerSeconds: 60,
      proxyProtocol: undefined,
      rateLimit: { perMinute: 60_000, burst: 1000 },
      signInRateLimit: { perMinute: 60, burst: 20 },
      maintenance: false,
      certificate: { kind: "folder", path: `${folder}/current`, challenges: undefined },
      clientAddress: undefined,
    }),
  });
  await expect.poll(servedSerial).toBe(outs.serial);
  const resolver = new Resolver();
  resolver.setServers([addressOf(cloud, places.resolver)]);
  await expect(resolver.resolveTxt(`_acme-challenge.${host}`)).rejects.toThrow(/ENOTFOUND|ENODATA/);
});

test("while it is good, nobody is asked for another", async () => {
  const before = await servedSerial();
  const { outs } = await passCertificateGate(await lookAfter({ RENEW_BEFORE_DAYS: "30" }));
  expect(outs.serial).toBe(before);
});

test("the server renews it by itself, and no client of the proxy notices", async () => {
  const before = await servedSerial();
  await lookAfter({ RENEW_BEFORE_DAYS: "1000", RENEW_INTERVAL_SECONDS: "2" });
  const serials = new Set<string>();
  await expect
    .poll(
      async () => {
        serials.add(await servedSerial());
        return serials.size;
      },
      { timeout: 120_000, interval: 20 },
    )
    .toBeGreaterThanOrEqual(3);
  expect([...serials][0]).toBe(before);
});

test("with a clock that runs ahead, it is renewed in its last thirty days, and not before", async () => {
  setClock("+59d");
  const inputs = await lookAfter({ RENEW_BEFORE_DAYS: "30", RENEW_INTERVAL_SECONDS: "43200" }, await imageWithClock());
  const before = await servedSerial();
  const { outs } = await passCertificateGate(inputs);
  expect(outs.serial).toBe(before);
  setClock("+61d");
  const { outs: renewed } = await passCertificateGate(inputs);
  expect(renewed.serial).not.toBe(before);
  await expect.poll(servedSerial, { timeout: 20_000 }).toBe(renewed.serial);
});

test("a renewal that fails is told, and the certificate stays", async () => {
  writeFileSync(join(cloud.folder, "trust", "webhook"), "https://hooks.example.net/alerts", { mode: 0o644 });
  const { container } = await lookAfter({
    RENEW_BEFORE_DAYS: "1000",
    RENEW_INTERVAL_SECONDS: "2",
    ALERT_WEBHOOK_FILE: "/run/trust/webhook",
    ALERT_DAYS: "21",
    ALERT_SOURCE: "Landfall test",
  });
  await removeContainer(cloud, "acme");
  await expect
    .poll(async () => (await statusOf(container)).lastError?.message ?? "", { timeout: 60_000 })
    .toContain("acme-v02.api.letsencrypt.org");
  const { serial } = await statusOf(container);
  await expect.poll(servedSerial, { timeout: 20_000 }).toBe(serial);
  await expect.poll(() => receivedHooks(cloud).length, { timeout: 20_000 }).toBe(1);
  const [{ path, body } = { path: "", body: "" }] = receivedHooks(cloud);
  expect(path).toBe("/alerts");
  expect((JSON.parse(body) as { text: string }).text).toMatch(
    /^Landfall test: the certificate for learn\.example\.com, valid until .*, needs somebody\. .*acme-v02\.api\.letsencrypt\.org/s,
  );
});

test("the gate tells who was asked, by which challenge, and what to look at", async () => {
  const inputs = await lookAfter({ RENEW_BEFORE_DAYS: "1000" });
  await expect(passCertificateGate(inputs)).rejects.toThrow(
    /There is no certificate for learn\.example\.com[^]+challenge: dns-01[^]+next: +see that the server reaches/,
  );
});
