import { resolveCaa } from "node:dns/promises";
import type { OutgoingHttpHeaders } from "node:http";
import { request as httpsRequest } from "node:https";
import { buffer } from "node:stream/consumers";
import { hostOf, readBody, send, type WebRequest, type WebResponse } from "../http.ts";
import { caaRefusal, type CaaLookup } from "./caa.ts";
import { pebbleAgent, pebblePort } from "./pebble.ts";

/** Where Pebble has what Let's Encrypt has at `/directory`. */
const pebbleDirectory = "/dir";
const newOrder = "/order-plz";

/** What stands before Pebble under Let's Encrypt's names. */
export interface Front {
  /** The certificate of Pebble's authority by the root that is trusted, PEM. */
  readonly intermediate: string;
  /** The name whose certificates are trusted; those of every other name lead to a root that nobody knows. */
  readonly trustedName: string;
  readonly lookup: CaaLookup;
}

/** Asks the cloud's resolver for CAA records. */
export const lookupCaa: CaaLookup = async (name) => {
  try {
    return await resolveCaa(name);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENODATA" || code === "ENOTFOUND") return [];
    throw error;
  }
};

/**
 * Answers an ACME client as Let's Encrypt would: Pebble's own answers under Let's Encrypt's paths, certificates with a
 * chain to the root that is trusted, and orders held against CAA records, which Pebble does not look at.
 */
export async function answerAcme(front: Front, request: WebRequest, response: WebResponse): Promise<void> {
  const host = hostOf(request.headers);
  const body = await readBody(request);
  if (request.url === newOrder) {
    const problem = await refuseByCaa(front.lookup, body);
    if (problem !== undefined) {
      const headers = { "content-type": "application/problem+json" };
      send(response, { status: 403, headers, body: JSON.stringify(problem) });
      return;
    }
  }
  const path = request.url === "/directory" ? pebbleDirectory : (request.url ?? "/");
  const answer = await askPebble({ host, path, method: request.method ?? "GET", headers: request.headers, body });
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value !== undefined && !["connection", "content-length", "transfer-encoding", "keep-alive"].includes(name)) {
      response.setHeader(name, name === "link" ? linksOf(value) : value);
    }
  }
  const chain = host === front.trustedName && String(answer.headers["content-type"]).includes("pem-certificate-chain");
  response.end(chain ? trustedChain(answer.body.toString(), front.intermediate) : answer.body);
}

/** A chain whose first certificate stays, and whose authority is vouched for by the trusted root. */
export function trustedChain(chain: string, intermediate: string): string {
  const end = "-----END CERTIFICATE-----";
  const leaf = chain.slice(0, chain.indexOf(end) + end.length);
  return `${leaf}\n${intermediate.trim()}\n`;
}

/** The directory's address in `Link` headers. */
function linksOf(value: number | string | string[]): string[] {
  return [value]
    .flat()
    .map((link) => String(link).replace(`${pebbleDirectory}>;rel="index"`, '/directory>;rel="index"'));
}

interface Problem {
  readonly type: string;
  readonly detail: string;
  readonly status: number;
}

/** The identifiers of an order are readable in its signed body (RFC 8555, 7.4; RFC 7515, 7.2.2). */
async function refuseByCaa(lookup: CaaLookup, body: Buffer): Promise<Problem | undefined> {
  for (const domain of orderedDomains(body)) {
    const refusal = await caaRefusal(domain, lookup);
    if (refusal !== undefined) return { type: "urn:ietf:params:acme:error:caa", detail: refusal, status: 403 };
  }
  return undefined;
}

/** The domains of an order. None when the body is no order: then Pebble says what is wrong with it. */
export function orderedDomains(body: Buffer): string[] {
  try {
    const { payload } = JSON.parse(body.toString()) as { payload: string };
    const order = JSON.parse(Buffer.from(payload, "base64url").toString()) as { identifiers: { value: string }[] };
    return order.identifiers.map(({ value }) => value);
  } catch {
    return [];
  }
}

interface PebbleAnswer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

interface PebbleRequest {
  readonly host: string;
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** Pebble makes its addresses from the host that it is asked by, so that is passed on. */
function askPebble({ host, path, method, headers, body }: PebbleRequest): Promise<PebbleAnswer> {
  const passed = ["content-type", "accept", "user-agent", "accept-language"].flatMap((name) => {
    const value = headers[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return new Promise((resolve, reject) => {
    const call = httpsRequest(
      {
        host: "127.0.0.1",
        port: pebblePort,
        path,
        method,
        agent: pebbleAgent,
        headers: { ...Object.fromEntries(passed), host, "content-length": body.length },
      },
      (answer) => {
        buffer(answer).then((received) => {
          resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: received });
        }, reject);
      },
    );
    call.on("error", reject);
    call.end(body);
  });
}
