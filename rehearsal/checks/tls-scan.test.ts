import { expect, test } from "vitest";
import { parseTlsScan, unwantedCiphers } from "./tls-scan.ts";

const version = (name: string, ciphers: readonly string[]): string => `<table key="${name}">
<table key="ciphers">
${ciphers.map((cipher) => `<table>\n<elem key="strength">A</elem>\n<elem key="kex_info">secp256r1</elem>\n<elem key="name">${cipher}</elem>\n</table>`).join("\n")}
</table>
<table key="compressors">
<elem>NULL</elem>
</table>
<elem key="cipher preference">client</elem>
</table>
`;

/** What nmap 7.95 prints with its script ssl-enum-ciphers. */
const report = (versions: string): string => `<ports><port protocol="tcp" portid="443">
<state state="open" reason="syn-ack" reason_ttl="64"/><script id="ssl-enum-ciphers" output="&#xa;  TLSv1.2: ">${versions}<elem key="least strength">A</elem>
</script></port>
</ports>`;

const gcm = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
const cbc = "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA";
const chacha = "TLS_AKE_WITH_CHACHA20_POLY1305_SHA256";

test("every version that is spoken is read with its cipher suites", () => {
  const scan = parseTlsScan(
    report(version("TLSv1.1", [cbc]) + version("TLSv1.2", [gcm, cbc]) + version("TLSv1.3", [chacha])),
  );
  expect([...scan]).toEqual([
    ["TLSv1.1", [cbc]],
    ["TLSv1.2", [gcm, cbc]],
    ["TLSv1.3", [chacha]],
  ]);
});

test("a server that speaks no TLS at all has not refused the old versions", () => {
  const closed = '<port protocol="tcp" portid="443"><state state="filtered" reason="no-response"/></port>';
  expect(() => parseTlsScan(closed)).toThrow("no version of TLS was spoken: is the port open?");
});

test("an edge must take no broken suite, our own proxy strong ones only", () => {
  const broken = ["TLS_RSA_WITH_RC4_128_SHA", "TLS_RSA_WITH_3DES_EDE_CBC_SHA", "TLS_ECDH_anon_WITH_AES_128_CBC_SHA"];
  const scan = new Map([["TLSv1.2", [gcm, cbc, chacha, "TLS_RSA_WITH_AES_128_GCM_SHA256", ...broken]]]);
  expect(unwantedCiphers(scan, "edge")).toEqual(broken);
  expect(unwantedCiphers(scan, "proxy")).toEqual([cbc, "TLS_RSA_WITH_AES_128_GCM_SHA256", ...broken]);
});
