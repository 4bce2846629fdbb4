import { readFileSync } from "node:fs";
import { request as httpsRequest } from "node:https";
import { text } from "node:stream/consumers";
import { STATUS_CODES } from "node:http";
import { addressOf, places, rootsFile, type Cloud } from "../cloud/cloud.ts";
import type { Envelope } from "../internet/api/envelope.ts";

const host = "api.cloudflare.com";

/** A call to Cloudflare's API. */
export interface Call {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path below `/client/v4`, with its query. */
  readonly path: string;
  readonly body?: unknown;
}

/** An answer of the API that says no, as the vendor's provider shows it. */
export class ApiRefusal extends Error {
  readonly status: number;

  constructor(call: Call, status: number, body: string) {
    const reason = STATUS_CODES[status] ?? "";
    super(`${call.method} "https://${host}/client/v4${call.path}": ${String(status)} ${reason} ${body}`);
    this.status = status;
  }
}

/** Whether an error says that what was asked for does not exist. */
export function isGone(error: unknown): boolean {
  return error instanceof ApiRefusal && error.status === 404;
}

/**
 * Calls the API of the cloud's Cloudflare with the token that may do everything.
 *
 * @returns the result in the answer's envelope
 * @throws ApiRefusal when the API says no, and a plain Error when it cannot be reached
 */
export async function callApi(cloud: Cloud, call: Call): Promise<unknown> {
  const { status, body } = await exchange(cloud, call).catch((error: unknown) => {
    const next = `Start the rehearsal's cloud by "npm run rehearse -- ${cloud.stack}".`;
    throw new Error(`Cloudflare's API of the rehearsal is not reached: ${String(error)}. ${next}`, { cause: error });
  });
  const refusal = new ApiRefusal(call, status, body);
  if (status !== 200) throw refusal;
  const envelope = JSON.parse(body) as Envelope;
  if (!envelope.success) throw refusal;
  return envelope.result;
}

/** The name does not lead there on the machine on which Pulumi runs, so the address is given. */
function exchange(cloud: Cloud, { method, path, body }: Call): Promise<{ status: number; body: string }> {
  const sent = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const call = httpsRequest(
      {
        host: addressOf(cloud, places.edge),
        servername: host,
        path: `/client/v4${path}`,
        method,
        ca: readFileSync(rootsFile(cloud)),
        agent: false,
        timeout: 30_000,
        headers: {
          host,
          authorization: `Bearer ${cloud.tokens.cloudflare}`,
          ...(sent === undefined
            ? {}
            : { "content-type": "application/json", "content-length": Buffer.byteLength(sent) }),
        },
      },
      (answer) => {
        text(answer).then((received) => {
          resolve({ status: answer.statusCode ?? 0, body: received });
        }, reject);
      },
    );
    call.on("timeout", () => call.destroy(new Error("no answer within 30 s")));
    call.on("error", reject);
    call.end(sent);
  });
}
