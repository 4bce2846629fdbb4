import { createHash, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:tls";
import { chromium, type Browser } from "playwright-core";

/**
 * Debian's Chromium, which trusts the certificate that the service shows at this moment, once that has been checked
 * against the root by ourselves: Chromium takes no root certificate from its command line.
 */
export async function openBrowser(port: number, root: string): Promise<Browser> {
  const socket = connect({ host: "127.0.0.1", port, servername: "localhost", ca: root });
  await once(socket, "secureConnect");
  const { raw } = socket.getPeerCertificate();
  socket.destroy();
  const key = new X509Certificate(raw).publicKey.export({ type: "spki", format: "der" });
  const pin = createHash("sha256").update(key).digest("base64");
  return chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: [
      `--ignore-certificate-errors-spki-list=${pin}`,
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
