import type { FastifyInstance, FastifyRequest } from "fastify";
import { Problem } from "./problem.ts";
import type { IsTrustedProxy } from "./trusted-proxies.ts";

/** Answered under any name, because load balancers and container engines ask by address. */
const probes: ReadonlySet<string> = new Set(["/health/live", "/health/ready"]);

export function isProbe(request: FastifyRequest): boolean {
  return probes.has(request.url.split("?", 1)[0] ?? "");
}

/** The host's name in a Host header, in lower case and without the port; undefined when the header is malformed. */
export function hostName(header: string | undefined): string | undefined {
  const name = /^(?<name>\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::\d{1,5})?$/i.exec(header ?? "")?.groups?.["name"];
  return name?.toLowerCase().replace(/^\[|\]$/g, "");
}

/** Refuses requests for other hosts: 400 without a well-formed Host header, 421 for a name that is not allowed. */
export function checkHosts(server: FastifyInstance, allowed: readonly string[]): void {
  server.addHook("onRequest", (request, _reply, done) => {
    if (isProbe(request)) {
      done();
      return;
    }
    const name = hostName(request.headers.host);
    if (name === undefined) done(new Problem(400, "The request names no host."));
    else if (!allowed.includes(name)) done(new Problem(421, "This host is not served here."));
    else done();
  });
}

/** Sends browsers that came to a trusted proxy by plain HTTP to the same address by HTTPS. */
export function redirectToHttps(server: FastifyInstance, isTrusted: IsTrustedProxy): void {
  server.addHook("onRequest", (request, reply, done) => {
    const plain = request.headers["x-forwarded-proto"] === "http" && isTrusted(request.socket.remoteAddress ?? "");
    if (plain && !isProbe(request)) void reply.redirect(`https://${request.headers.host ?? ""}${request.url}`, 301);
    else done();
  });
}
