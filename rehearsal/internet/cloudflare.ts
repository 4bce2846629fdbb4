import { createServer } from "node:http";
import type { Http2SecureServer } from "node:http2";
import type { SecureVersion } from "node:tls";
import type { Account } from "./account.ts";
import { countFaults } from "./api/faults.ts";
import type { Api } from "./api/place.ts";
import { answer } from "./api/route.ts";
import { readAuthority } from "./authorities.ts";
import { openCache } from "./edge/cache.ts";
import { edgeCertificates } from "./edge/certificates.ts";
import { forward, judge, type Edge } from "./edge/forward.ts";
import { tlsServer, type TlsVersions } from "./edge/listen.ts";
import { openOrigins } from "./edge/origin.ts";
import { settingOf } from "./edge/plan.ts";
import { openLimiter } from "./edge/rate-limit.ts";
import { forwardUpgrade } from "./edge/upgrade.ts";
import { readFaults } from "./faults.ts";
import { hostOf, readBody, send, type WebRequest, type WebResponse } from "./http.ts";
import { startZoneServer } from "./names/cloudflare.ts";
import { certificateFile, openCertificates, type OriginCertificates } from "./origin-certificates.ts";
import { authorityFolder, folder, originCertificatesFile, zonesFile } from "./places.ts";
import { openStore, type Store } from "./store.ts";
import { zoneOf } from "./zone.ts";

/** The name under which Cloudflare's API is reached. */
export const apiName = "api.cloudflare.com";

/** Serves what Cloudflare does at the edge's address: authoritative DNS, the API, and the edge. */
export function serveCloudflare(account: Account): void {
  const store = openStore(zonesFile, account.zones);
  const names = startZoneServer(account, store.all());
  const faults = countFaults(() => readFaults(folder));
  const certificates = openCertificates(certificateFile(originCertificatesFile), (type) =>
    readAuthority(authorityFolder, type === "origin-rsa" ? "originRsa" : "originEcc"),
  );
  const api: Api = { account, store, certificates, faults, publish: (zone) => names.publish(zone) };
  const edge: Edge = {
    zones: store.all,
    origins: openOrigins({ trusted: originTrust(), isRevoked: (serial) => isRevoked(certificates, serial) }),
    address: account.edge,
    limiter: openLimiter(),
    cache: openCache(),
  };
  const plain = createServer((request, response) => {
    forward(edge, { request, response }, judge(edge, request, "http"));
  });
  plain.on("upgrade", (request, socket, head) => {
    forwardUpgrade(edge, { request, socket, head }, judge(edge, request, "http"));
  });
  plain.listen(80, "0.0.0.0");
  tlsServer({
    certificates: edgeCertificates(readAuthority(authorityFolder, "internet"), store.all, [apiName]),
    versions: (serverName) => versionsOf(store, serverName),
    serve: (server) => {
      serveSecure(server, api, edge);
    },
  }).listen(443, "0.0.0.0");
}

/** The roots that an origin's certificate may lead to where the mode is strict: everybody's, and Origin CA's. */
function originTrust(): string[] {
  const names = ["internet", "issuance", "originRsa", "originEcc"] as const;
  return names.map((name) => readAuthority(authorityFolder, name).certificate);
}

function isRevoked(certificates: OriginCertificates, serial: string): boolean {
  return certificates.all().some((one) => one.serial === serial && one.revoked_at !== undefined);
}

function serveSecure(server: Http2SecureServer, api: Api, edge: Edge): void {
  server.on("request", (request, response) => {
    // HTTP/2 tells each of the two when a visitor breaks off; without a listener that would end the program.
    request.on("error", () => undefined);
    response.on("error", () => undefined);
    if (hostOf(request.headers) !== apiName) forward(edge, { request, response }, judge(edge, request, "https"));
    else void answerApi(api, request, response);
  });
  server.on("upgrade", (...[request, socket, head]: Parameters<UpgradeListener>) => {
    forwardUpgrade(edge, { request, socket, head }, judge(edge, request, "https"));
  });
}

type UpgradeListener = (
  request: Parameters<typeof forwardUpgrade>[1]["request"],
  socket: Parameters<typeof forwardUpgrade>[1]["socket"],
  head: Buffer,
) => void;

/** TLS versions that a host's zone accepts; Cloudflare's own names accept what is current. */
function versionsOf(store: Store, serverName: string): TlsVersions {
  const zone = zoneOf(store.all(), serverName);
  if (zone === undefined) return { min: "TLSv1.2", max: "TLSv1.3" };
  const oldest: Readonly<Record<string, SecureVersion>> = { "1.1": "TLSv1.1", "1.2": "TLSv1.2", "1.3": "TLSv1.3" };
  const min = oldest[String(settingOf(zone, "min_tls_version"))] ?? "TLSv1";
  return { min, max: settingOf(zone, "tls_1_3") === "off" && min !== "TLSv1.3" ? "TLSv1.2" : "TLSv1.3" };
}

async function answerApi(api: Api, request: WebRequest, response: WebResponse): Promise<void> {
  const headers = { "content-type": "application/json", server: "cloudflare" };
  try {
    const body = (await readBody(request)).toString();
    const { method = "GET", url: target = "/" } = request;
    const answered = await answer(api, { method, target, headers: request.headers, body });
    send(response, { status: answered.status, headers, body: JSON.stringify(answered.body) });
  } catch (error) {
    console.error(error);
    const errors = [{ code: 10001, message: `Service failure: ${String(error)}` }];
    const body = JSON.stringify({ success: false, errors, messages: [], result: null });
    if (!response.headersSent) send(response, { status: 500, headers, body });
  }
}
