import { appendFileSync } from "node:fs";
import { createSecureServer } from "node:http2";
import { issueCertificate } from "../../../infra/certificates/authority.ts";
import { readAuthority } from "../authorities.ts";
import { readBody, send, type WebRequest, type WebResponse } from "../http.ts";
import { hooksName } from "../names/vendor-zones.ts";
import { authorityFolder, hooksFile } from "../places.ts";
import type { ReceivedHook } from "./received.ts";

/**
 * Receives webhooks at https://hooks.example.net/ and writes each to the internet's folder before it answers. One to
 * `/status/503` is received and answered with that status; a GET is not a webhook.
 */
export async function serveHooks(): Promise<void> {
  const pair = await issueCertificate(readAuthority(authorityFolder, "internet"), {
    commonName: hooksName,
    dnsNames: [hooksName],
    ipAddresses: [],
    validityDays: 3650,
  });
  const server = createSecureServer({ allowHTTP1: true, cert: pair.certificate, key: pair.privateKey });
  server.on("request", (request, response) => {
    receive(request, response).catch((error: unknown) => {
      console.error(error);
      if (!response.headersSent) send(response, { status: 500, headers: {}, body: String(error) });
    });
  });
  server.listen(443, "0.0.0.0");
}

async function receive(request: WebRequest, response: WebResponse): Promise<void> {
  const { method = "GET", url: path = "/" } = request;
  const body = (await readBody(request)).toString();
  if (method !== "GET") {
    const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !name.startsWith(":")));
    const from = (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
    const hook: ReceivedHook = { at: new Date().toISOString(), from, method, path, headers, body };
    appendFileSync(hooksFile, `${JSON.stringify(hook)}\n`, { mode: 0o600 });
  }
  send(response, { status: statusFor(path), headers: { "content-type": "text/plain" }, body: "ok" });
}

/** The status that a path asks for; 200 for every other. */
export function statusFor(path: string): number {
  return Number(/^\/status\/([2-5]\d\d)$/.exec(path)?.[1] ?? 200);
}
