import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type RequestOptions } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { checkServerIdentity } from "node:tls";
import type { EdgeErrorCode } from "./error-page.ts";
import type { Origin } from "./plan.ts";

/** Milliseconds for a connection to an origin; Cloudflare gives it 15 s or so. */
const connectTimeout = 5000;
/** Milliseconds that an origin may be silent (developers.cloudflare.com, "Connection limits"). */
const answerTimeout = 100_000;

/** Verdicts of OpenSSL on a certificate that Node gives as the error's code (nodejs.org/api/tls, "X509 errors"). */
const certificateErrors = [
  ...["CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID", "CERT_UNTRUSTED", "CERT_REJECTED", "CERT_REVOKED"],
  ...["CERT_CHAIN_TOO_LONG", "CERT_SIGNATURE_FAILURE", "DEPTH_ZERO_SELF_SIGNED_CERT", "SELF_SIGNED_CERT_IN_CHAIN"],
  ...["UNABLE_TO_GET_ISSUER_CERT", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
  ...["INVALID_CA", "INVALID_PURPOSE", "PATH_LENGTH_EXCEEDED", "HOSTNAME_MISMATCH", "ERR_TLS_CERT_ALTNAME_INVALID"],
];

/** Opens requests to origins, over connections that are kept. */
export interface Origins {
  open(origin: Origin, host: string, options: RequestOptions): ClientRequest;
}

/** What the edge believes of origins where the mode is strict. */
export interface OriginTrust {
  /** The roots that a certificate must lead to, PEM. */
  readonly trusted: readonly string[];
  /** Whether the certificate with a serial number was revoked; hexadecimal, upper case. */
  readonly isRevoked: (serial: string) => boolean;
}

/** Opens the way to origins. */
export function openOrigins({ trusted, isRevoked }: OriginTrust): Origins {
  const plain = new HttpAgent({ keepAlive: true });
  const lenient = new HttpsAgent({ keepAlive: true, rejectUnauthorized: false });
  const strict = new HttpsAgent({
    keepAlive: true,
    ca: [...trusted],
    // A resumed session shows no certificate that could be looked at.
    maxCachedSessions: 0,
    checkServerIdentity: (host, certificate) =>
      isRevoked(certificate.serialNumber)
        ? Object.assign(new Error("The origin's certificate was revoked."), { code: "CERT_REVOKED" })
        : checkServerIdentity(host, certificate),
  });
  return {
    open: (origin, host, options) => {
      const at: RequestOptions = { ...options, host: origin.host, timeout: answerTimeout };
      const request =
        origin.scheme === "http"
          ? httpRequest({ ...at, port: 80, agent: plain })
          : httpsRequest({ ...at, port: 443, servername: host, agent: origin.strict ? strict : lenient });
      limitConnecting(request);
      return request;
    },
  };
}

/** Where a request got to before it failed. */
interface Progress {
  connected: boolean;
  secure: boolean;
}

const progressOf = new WeakMap<ClientRequest, Progress>();

function limitConnecting(request: ClientRequest): void {
  const progress: Progress = { connected: false, secure: false };
  progressOf.set(request, progress);
  request.on("timeout", () => {
    request.destroy(Object.assign(new Error("The origin is silent."), { code: "EDGE_SILENT" }));
  });
  request.on("socket", (socket) => {
    if (!socket.connecting) {
      progress.connected = progress.secure = true;
      return;
    }
    const timer = setTimeout(() => {
      request.destroy(Object.assign(new Error("The origin cannot be connected to."), { code: "ETIMEDOUT" }));
    }, connectTimeout);
    socket.once("connect", () => {
      progress.connected = true;
      clearTimeout(timer);
    });
    socket.once("secureConnect", () => {
      progress.secure = true;
    });
    socket.once("close", () => {
      clearTimeout(timer);
    });
  });
}

/** Cloudflare's number for a request to an origin that failed. */
export function errorOf(request: ClientRequest, origin: Origin, error: Error): EdgeErrorCode {
  const code = "code" in error ? String(error.code) : "";
  const { connected, secure } = progressOf.get(request) ?? { connected: false, secure: false };
  return errorNumber({ code, connected, handshaken: origin.scheme === "http" ? connected : secure });
}

/** Cloudflare's number for a failure (developers.cloudflare.com/support/troubleshooting/http-status-codes). */
export function errorNumber(failure: { code: string; connected: boolean; handshaken: boolean }): EdgeErrorCode {
  const { code, connected, handshaken } = failure;
  if (code === "EDGE_SILENT") return connected ? 524 : 522;
  if (certificateErrors.includes(code)) return 526;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return 1016;
  if (connected) return handshaken ? 520 : 525;
  if (code === "ECONNREFUSED") return 521;
  return code === "ETIMEDOUT" ? 522 : 523;
}
