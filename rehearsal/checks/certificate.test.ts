import { expect, test } from "vitest";
import { parseShownCertificate } from "./certificate.ts";

const shown = (verdict: string): string => `Certificate chain
 0 s:CN=staging.learn.example.com
   i:CN=edgeca
-----BEGIN CERTIFICATE-----
MIIBnzCCAUWgAwIBAgIUQNNVMD/IZVz6T3oVQkC5X9bfHrgwCgYIKoZIzj0EAwIw
ETEPMA0GA1UEAwwGZWRnZWNhMB4XDTI2MTEyMTE0MzUyMVoXDTI2MTIxMTE0MzUy
MVowJDEiMCAGA1UEAwwZc3RhZ2luZy5sZWFybi5leGFtcGxlLmNvbTBZMBMGByqG
SM49AgEGCCqGSM49AwEHA0IABP2fcmqpwKbvDbfHySLGXk7TsExtPzK6J4+wFnHs
aKVa4Z4opYuPvZCx/3YsFQp3+sQAIKD1uQucJG3yS0mpVzqjaDBmMCQGA1UdEQQd
MBuCGXN0YWdpbmcubGVhcm4uZXhhbXBsZS5jb20wHQYDVR0OBBYEFNGv8bfR271k
QPm8j0sfm+ZxLWZEMB8GA1UdIwQYMBaAFAxYlRbHuICFtqwlSWjNmoXAxTXQMAoG
CCqGSM49BAMCA0gAMEUCIE1kezvtKNNR82Mv5maLSECNAYsf1Nq4eHZYpnBGXCIB
AiEA0NcYZfwa4lllIaO89iLC4pNCRYycuJqQClbfSXbIGZM=
-----END CERTIFICATE-----
---
SSL handshake has read 1881 bytes and written 1647 bytes
Early data was not sent
Verify return code: ${verdict}
---`;

test("a trusted certificate is read: who issued it, and until when it is valid", () => {
  expect(parseShownCertificate(shown("0 (ok)"))).toEqual({
    trusted: true,
    verdict: "0 (ok)",
    issuer: "CN=edgeca",
    notAfter: new Date("2026-12-11T14:35:21Z"),
  });
});

test("one that is not trusted says why", () => {
  expect(parseShownCertificate(shown("18 (self-signed certificate)"))).toMatchObject({
    trusted: false,
    verdict: "18 (self-signed certificate)",
  });
});

test("no certificate at all is an error", () => {
  expect(() =>
    parseShownCertificate("CONNECTED(00000003)\n", "Connecting to 198.18.77.33\nconnect:errno=111\n"),
  ).toThrow("no certificate was shown: connect:errno=111");
});
