import type { IncomingMessage } from "node:http";
import { randomUUID } from "node:crypto";
import type { IsTrustedProxy } from "./trusted-proxies.ts";

/**
 * The id that a request is known by in logs and error pages: the proxy's X-Request-Id when it comes from a trusted
 * proxy and is well formed (letters, digits, `.`, `_`, `-`; 128 at most), a new one otherwise.
 */
export function requestIdentity(
  isTrusted: IsTrustedProxy,
): (request: Pick<IncomingMessage, "headers" | "socket">) => string {
  return (request) => {
    const given = request.headers["x-request-id"];
    const known = typeof given === "string" && /^[\w.-]{1,128}$/.test(given);
    return known && isTrusted(request.socket.remoteAddress ?? "") ? given : randomUUID();
  };
}
