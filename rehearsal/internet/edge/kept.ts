import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import type { WebHeaders, WebRequest, WebResponse } from "../http.ts";
import type { CachePlan } from "./cache-plan.ts";
import type { KeptAnswer } from "./cache.ts";

/** The headers of a request whose answer is kept for everybody: without what makes an answer one visitor's own. */
export function forCache(plan: CachePlan, headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  if (plan.kind === "pass") return headers;
  const { "if-none-match": _match, "if-modified-since": _since, "if-range": _range, ...rest } = headers;
  return { ...rest, "accept-encoding": plan.encoding };
}

/** Gathers a body while it is streamed elsewhere, and hands it over when it is whole; one that breaks off never ends. */
export function collectBody(answer: IncomingMessage, done: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  answer.on("data", (chunk: Buffer) => chunks.push(chunk));
  answer.once("end", () => {
    done(Buffer.concat(chunks));
  });
}

/**
 * Answers with what is kept; a visitor who has it already is told so.
 *
 * @param own headers of this very visit
 */
export function sendKept(
  { request, response }: { readonly request: WebRequest; readonly response: WebResponse },
  kept: KeptAnswer,
  own: OutgoingHttpHeaders,
): void {
  const age = String(Math.floor((Date.now() - kept.since) / 1000));
  const headers = { ...kept.headers, age, ...own, "cf-cache-status": "HIT" };
  const known = kept.status === 200 && hasAlready(request.headers, kept.headers);
  response.statusCode = known ? 304 : kept.status;
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || (known && ["content-length", "content-encoding"].includes(name))) continue;
    response.setHeader(name, value);
  }
  if (known || request.method === "HEAD") response.end();
  else response.end(kept.body);
}

/** Whether a conditional request is met by what the visitor has (RFC 9110, 13.1.2 and 13.1.3). */
export function hasAlready(asked: WebHeaders, kept: OutgoingHttpHeaders): boolean {
  const match = asked["if-none-match"];
  if (match !== undefined) {
    const weak = (tag: string): string => tag.trim().replace(/^W\//, "");
    const tags = [match].flat().join().split(",").map(weak);
    return tags.includes("*") || (typeof kept["etag"] === "string" && tags.includes(weak(kept["etag"])));
  }
  const since = Date.parse(asked["if-modified-since"] ?? "");
  return Date.parse(String(kept["last-modified"])) <= since;
}
