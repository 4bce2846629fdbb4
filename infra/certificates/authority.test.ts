import { X509Certificate } from "node:crypto";
import { connect, createServer, type TLSSocket } from "node:tls";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { createAuthority, daysLeft, issueCertificate } from "./authority.ts";

const request = { commonName: "localhost", dnsNames: ["localhost"], ipAddresses: ["127.0.0.1"], validityDays: 90 };

test("a client that trusts the root reaches a server that shows the certificate, and no other client does", async () => {
  const authority = await createAuthority({ commonName: "Test root", validityDays: 365 });
  const stranger = await createAuthority({ commonName: "Test root", validityDays: 365 });
  const { certificate, privateKey } = await issueCertificate(authority, request);
  const server = createServer({ cert: certificate, key: privateKey }, (socket: TLSSocket) => socket.end());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const trusting = connect({ port, host: "127.0.0.1", servername: "localhost", ca: authority.certificate });
  await once(trusting, "secureConnect");
  expect(trusting.authorized).toBe(true);
  trusting.destroy();
  const distrusting = connect({ port, host: "127.0.0.1", servername: "localhost", ca: stranger.certificate });
  await expect(once(distrusting, "secureConnect")).rejects.toThrow(/certificate/);
  server.close();
});

test("the certificate names what it was asked for and cannot sign others", async () => {
  const authority = await createAuthority({ commonName: "Test root", validityDays: 365 });
  const leaf = new X509Certificate((await issueCertificate(authority, request)).certificate);
  expect(leaf.subjectAltName).toBe("DNS:localhost, IP Address:127.0.0.1");
  expect(leaf.ca).toBe(false);
  expect(new X509Certificate(authority.certificate).ca).toBe(true);
});

test("a certificate is for one end of a connection, the server's unless said otherwise", async () => {
  const authority = await createAuthority({ commonName: "Test root", validityDays: 365 });
  const usages = async (change: { usage?: "server" | "client" }) =>
    new X509Certificate((await issueCertificate(authority, { ...request, ...change })).certificate).keyUsage;
  expect(await usages({})).toEqual(["1.3.6.1.5.5.7.3.1"]);
  expect(await usages({ usage: "client" })).toEqual(["1.3.6.1.5.5.7.3.2"]);
});

test("the days left of the first certificate of a chain are counted from the given time", async () => {
  const authority = await createAuthority({ commonName: "Test root", validityDays: 365 });
  const { certificate } = await issueCertificate(authority, request);
  expect(daysLeft(`${certificate.trim()}\n${authority.certificate}`, Date.now())).toBe(89);
});

test("the days left are counted from the given time", async () => {
  const authority = await createAuthority({ commonName: "Test root", validityDays: 365 });
  const { certificate } = await issueCertificate(authority, request);
  expect(daysLeft(certificate, Date.now())).toBe(89);
  expect(daysLeft(certificate, Date.now() + 100 * 24 * 3600 * 1000)).toBeLessThan(0);
});
