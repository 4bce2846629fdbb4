import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse, IncomingHttpHeaders as Http2Headers } from "node:http2";

/** A request over HTTP/1.1 or HTTP/2. */
export type WebRequest = IncomingMessage | Http2ServerRequest;

/** An answer over HTTP/1.1 or HTTP/2. */
export type WebResponse = ServerResponse | Http2ServerResponse;

/** Headers of a request over HTTP/1.1 or HTTP/2. */
export type WebHeaders = IncomingHttpHeaders | Http2Headers;

/** The host that a request is for, lower case, without a port. Empty when it names none. */
export function hostOf(headers: WebHeaders): string {
  const given = headers[":authority"] ?? headers.host;
  return typeof given === "string" ? given.toLowerCase().replace(/:\d+$/, "").replace(/\.$/, "") : "";
}

/** The whole body of a request. @throws when it is longer than a megabyte */
export async function readBody(request: WebRequest): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > 2 ** 20) throw new Error("The body of the request is longer than a megabyte.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** A whole answer. */
export interface WholeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** Sends a whole answer. */
export function send(response: WebResponse, answer: WholeAnswer): void {
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  response.end(answer.body);
}
