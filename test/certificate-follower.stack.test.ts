import type { Container } from "dockerode";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { createServer, request, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { issueCertificate, type KeyPair } from "../infra/certificates/authority.ts";
import { readInstalled } from "../infra/certificates/installed.ts";
import { putFiles } from "../infra/engine/archive.ts";
import {
  passCertificateFollowerGate,
  type CertificateFollowerGateInputs,
} from "../infra/gates/certificate-follower.ts";
import { engineAddress } from "../tools/engine.ts";
import { Estate } from "./services/estate.ts";

// The edge that keeps a certificate, another that follows it, and whom they tell when something is wrong.
const hosts = ["learn.example.com", "www.example.com"];
const names = { commonName: "learn.example.com", dnsNames: hosts, ipAddresses: [] };
const certificateFile = "/var/lib/certificates/current/certificate.pem";
const token = "the-token-of-the-zone";
const directory = `https://127.0.0.1:1/${token}`;
const keeperRequest = `${directory} ec256 ${hosts.join(" ")}`;
let estate: Estate;
let keeper: Container;
let follower: Container;
let source: string;
let client: KeyPair;
let receiver: Server;
let received: { path: string; text: string }[];

/** Puts a certificate in place in a container, as the one that was issued for a request. */
async function install(container: Container, change: Partial<typeof names & { days: number; asked: string }>) {
  const { days = 90, asked = keeperRequest, ...other } = change;
  const issued = await issueCertificate(estate.authority, { ...names, ...other, validityDays: days });
  const chain = `${issued.certificate.trim()}\n${estate.authority.certificate.trim()}\n`;
  const file = (content: string) => ({ content, mode: 0o400, owner: 996 });
  await putFiles(
    estate.docker,
    { container: container.id, folder: "/tmp" },
    { "new.pem": file(chain), "new.key": file(issued.privateKey) },
  );
  const { exitCode, stderr } = await estate.execute(container, [
    "sh",
    "-c",
    `set -e; . /usr/local/lib/certificates/release.sh; exec 9>/var/lib/lego/lock; flock 9; hosts='${hosts.join("\n")}'; install_release /tmp/new.pem /tmp/new.key '${asked}'; rm -f /tmp/new.pem /tmp/new.key`,
  ]);
  expect(stderr).toBe("");
  expect(exitCode).toBe(0);
  return readInstalled(chain, [...(change.dnsNames ?? hosts)], Date.now()).serial;
}

async function serialOf(container: Container): Promise<string> {
  const { stdout } = await estate.execute(container, ["cat", certificateFile]);
  return readInstalled(stdout, hosts, Date.now()).serial;
}

async function lastError(container: Container): Promise<string> {
  const { stdout } = await estate.execute(container, ["cat", "/var/lib/certificates/status.json"]);
  return (JSON.parse(stdout) as { lastError: { message: string } | null }).lastError?.message ?? "";
}

function gate(deadlineSeconds: number): CertificateFollowerGateInputs {
  const engines = { engine: engineAddress, keeperEngine: engineAddress };
  const asked = { source, hosts, keeperSerial: "", deadlineSeconds, intervalSeconds: 1 };
  return { ...engines, ...asked, container: follower.id, keeper: keeper.id };
}

/** What the keeper answers to who asks for the key with a certificate, or with none. */
async function askForKey(pair: KeyPair | undefined): Promise<{ status: number | undefined; body: string }> {
  const outgoing = request(`${source}/key.pem`, {
    ca: estate.authority.certificate,
    agent: false,
    ...(pair === undefined ? {} : { cert: pair.certificate, key: pair.privateKey }),
  });
  outgoing.end();
  const [response] = (await once(outgoing, "response")) as [IncomingMessage];
  return { status: response.statusCode, body: await text(response) };
}

const clientNamed = (commonName: string) =>
  issueCertificate(estate.authority, {
    ...{ commonName, dnsNames: [commonName], ipAddresses: [], validityDays: 2 },
    usage: "client",
  });

const alertVariables = {
  ALERT_WEBHOOK_FILE: "/run/secrets/alert_webhook",
  ALERT_DAYS: "21",
  ALERT_SOURCE: "Landfall test",
  SSL_CERT_FILE: "/run/secrets/authority.crt",
};

beforeAll(async () => {
  estate = await Estate.open();
  source = `https://${estate.address(11)}:8444`;
  client = await clientNamed("certificate-follower");
  const authority = { "authority.crt": estate.authority.certificate };
  keeper = await estate.run({
    image: "lego",
    user: 996,
    address: 11,
    alias: "keeper",
    environment: { CERTIFICATES_ROLE: "hand-on" },
    files: { ...authority, ...(await estate.certificate(["certificates"], [estate.address(11)])) },
  });
  await install(keeper, {});
  follower = await estate.run({
    image: "lego",
    user: 996,
    alias: "follower",
    environment: {
      CERTIFICATES_ROLE: "follow",
      CERTIFICATE_SOURCE: source,
      CERTIFICATE_HOSTS: hosts.join(" "),
      FOLLOW_INTERVAL_SECONDS: "1",
    },
    files: { ...authority, "client.crt": client.certificate, "client.key": client.privateKey },
  });
  const shown = await estate.certificate(["hooks"], [estate.address(1)]);
  received = [];
  receiver = createServer({ cert: shown["server.crt"], key: shown["server.key"] }, (message, response) => {
    void text(message).then((body) => {
      received.push({ path: message.url ?? "", ...(JSON.parse(body) as { text: string }) });
      response.end("ok");
    });
  });
  receiver.listen(0, "0.0.0.0");
  await once(receiver, "listening");
});

afterAll(async () => {
  receiver.close();
  await estate.close();
});

test("a follower has what the keeper has, and what is renewed there comes to it by itself", async () => {
  const first = await serialOf(keeper);
  const { outs } = await passCertificateFollowerGate(gate(30));
  expect(outs.serial).toBe(first);
  const renewed = await install(keeper, {});
  await expect.poll(() => serialOf(follower), { timeout: 20_000 }).toBe(renewed);
  const { stdout } = await estate.execute(follower, [
    "sh",
    "-c",
    `openssl x509 -noout -pubkey -in ${certificateFile}; openssl pkey -pubout -in /var/lib/certificates/current/key.pem; stat -c %a /var/lib/certificates/current/key.pem`,
  ]);
  const [ofCertificate, ofKey, mode] = stdout.split(/(?<=-----END PUBLIC KEY-----\n)/);
  expect(ofCertificate).toBe(ofKey);
  expect(mode?.trim()).toBe("600");
});

test("nobody gets the key but who shows a follower's certificate of the same authority", async () => {
  expect(await askForKey(client)).toMatchObject({
    status: 200,
    body: expect.stringContaining("PRIVATE KEY") as string,
  });
  const server = await estate.certificate(["certificate-follower"], []);
  const refused = [
    await askForKey(undefined),
    await askForKey({ certificate: server["server.crt"] ?? "", privateKey: server["server.key"] ?? "" }),
    await askForKey(await clientNamed("somebody-else")),
  ];
  expect(refused.map(({ status }) => status)).toEqual([400, 400, 403]);
  for (const { body } of refused) expect(body).not.toContain("PRIVATE KEY");
  const { exitCode, stdout } = await estate.execute(keeper, ["/usr/local/bin/health.sh"]);
  expect([exitCode, stdout]).toEqual([0, ""]);
});

test("a certificate for other hosts is handed on to nobody's proxy", async () => {
  const before = await serialOf(follower);
  await install(keeper, { dnsNames: ["other.example.com"] });
  await expect.poll(() => lastError(follower), { timeout: 20_000 }).toContain("is no valid certificate for learn");
  expect(await serialOf(follower)).toBe(before);
  const good = await install(keeper, {});
  await expect.poll(() => serialOf(follower), { timeout: 20_000 }).toBe(good);
});

test("while the keeper is away the copy stays as it is, the gate says what to look at, and then all goes on", async () => {
  const before = await serialOf(follower);
  await keeper.stop({ t: 1 });
  await expect(passCertificateFollowerGate(gate(1))).rejects.toThrow(
    /has not come from the edge that keeps it within 1 s[^]+reason: +the edge that keeps the certificate did not hand it on/,
  );
  expect(await serialOf(follower)).toBe(before);
  await keeper.start();
  const renewed = await install(keeper, {});
  await expect.poll(() => serialOf(follower), { timeout: 20_000 }).toBe(renewed);
});

test("a failed renewal is told once a day, without a secret in it, and once more when all is well again", async () => {
  const { port } = receiver.address() as AddressInfo;
  const renewing = await estate.run({
    image: "lego",
    user: 996,
    alias: "renewing",
    environment: {
      ...alertVariables,
      ACME_DIRECTORY: directory,
      ACME_EMAIL: "operations@example.com",
      ACME_HOSTS: hosts.join(" "),
      ACME_CHALLENGE: "dns-01",
      ACME_DNS_PROVIDER: "cloudflare",
      DNS_TOKEN_FILE: "/run/secrets/dns_token",
      ACME_KEY_TYPE: "ec256",
      RENEW_BEFORE_DAYS: "5",
      RENEW_INTERVAL_SECONDS: "1",
    },
    files: {
      "authority.crt": estate.authority.certificate,
      dns_token: token,
      alert_webhook: `https://${estate.address(1)}:${String(port)}/services/secret-path`,
    },
  });
  const looks = async () => (await estate.log(renewing)).split("the next attempt is in").length - 1;
  const told = (count: number) => expect.poll(() => received.length, { timeout: 30_000 }).toBe(count);
  await told(1);
  expect(received[0]).toMatchObject({
    path: "/services/secret-path",
    text: expect.stringMatching(/^Landfall test: no certificate, needs somebody\. .*connection refused/s) as string,
  });
  const serial = await install(renewing, { asked: "another directory" });
  const before = await looks();
  await expect.poll(looks, { timeout: 30_000 }).toBeGreaterThan(before + 2);
  expect(received).toHaveLength(1);
  expect(await serialOf(renewing)).toBe(serial);

  await estate.execute(renewing, ["sh", "-c", "echo $(($(date +%s) - 86401)) >/var/lib/certificates/told"]);
  await told(2);
  expect(received[1]?.text).toMatch(
    /^Landfall test: the certificate for learn\.example\.com www\.example\.com, valid until .*, needs somebody\. .*get directory at 'https:\/\/127\.0\.0\.1:1\/\[secret\]'/s,
  );
  expect(JSON.stringify(received.map(({ text: words }) => words))).not.toMatch(/the-token-of-the-zone|secret-path/);
  await install(renewing, {});
  await told(3);
  expect(received[2]?.text).toMatch(/^Landfall test: the certificate for .*, is well again\.$/);
  await install(renewing, { days: 20 });
  await told(4);
  expect(received[3]?.text).toContain("it has fewer than 21 days left and has not been renewed");
});
