import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { createAuthority, issueCertificate } from "./authority.ts";
import { givenFaults } from "./given.ts";

const day = 24 * 3600 * 1000;
const now = Date.now();
const hosts = ["learn.example.com", "www.example.com"];
const authority = await createAuthority({ commonName: "Test root", validityDays: 365 });
const stranger = await createAuthority({ commonName: "Another root", validityDays: 365 });
const issued = await issueCertificate(authority, {
  commonName: "learn.example.com",
  dnsNames: ["learn.example.com", "*.example.com"],
  ipAddresses: [],
  validityDays: 90,
});
const chain = `${issued.certificate.trim()}\n${authority.certificate}`;
const given = { chain, privateKey: issued.privateKey, hosts };
const locked = generateKeyPairSync("ec", {
  namedCurve: "P-256",
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "secret" },
}).privateKey;

test("a certificate with its chain and key is taken, one with a wildcard and one without a chain too", () => {
  expect(givenFaults(given, now)).toEqual([]);
  expect(givenFaults({ ...given, chain: issued.certificate }, now)).toEqual([]);
});

test("a key that is not given yet is nothing that the certificate has to answer for", () => {
  expect(givenFaults({ ...given, privateKey: undefined }, now)).toEqual([]);
});

test.each([
  { case: "no certificate", change: { chain: "hello" }, of: "chain", message: /^certificates, PEM/ },
  {
    case: "a damaged one",
    change: { chain: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" },
    of: "chain",
    message: /^certificates, PEM/,
  },
  {
    case: "another's chain",
    change: { chain: `${issued.certificate.trim()}\n${stranger.certificate}` },
    of: "chain",
    message: /in the order in which they are signed: 'CN=learn\.example\.com' was not signed by 'CN=Another root'/,
  },
  {
    case: "a host that it is not for",
    change: { hosts: [...hosts, "a.b.example.com"] },
    of: "chain",
    message: /this one is for DNS:learn\.example\.com, DNS:\*\.example\.com, not for a\.b\.example\.com/,
  },
  { case: "one that has ended", change: {}, at: now + 91 * day, of: "chain", message: /valid now; this one is valid/ },
  { case: "one that has not begun", change: {}, at: now - day, of: "chain", message: /valid now; this one is valid/ },
  { case: "no key", change: { privateKey: "hello" }, of: "privateKey", message: /^a private key, PEM, without/ },
  { case: "a key with a passphrase", change: { privateKey: locked }, of: "privateKey", message: /passphrase/ },
  {
    case: "another's key",
    change: { privateKey: stranger.privateKey },
    of: "privateKey",
    message: /the given one is another's/,
  },
])("what cannot be shown is refused: $case", ({ change, at = now, of, message }) => {
  expect(givenFaults({ ...given, ...change }, at)).toEqual([{ of, message: expect.stringMatching(message) as string }]);
});

test("a chain the wrong way round is refused, as is its key", () => {
  const turned = `${authority.certificate.trim()}\n${issued.certificate}`;
  const faults = givenFaults({ ...given, chain: turned }, now).map(({ message }) => message);
  expect(faults).toEqual(
    expect.arrayContaining([
      expect.stringContaining("the first one is an authority's"),
      expect.stringContaining("'CN=Test root' was not signed by"),
      expect.stringContaining("the given one is another's"),
    ]),
  );
});
