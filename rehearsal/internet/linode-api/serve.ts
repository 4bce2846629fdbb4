import { createSecureServer } from "node:http2";
import { issueCertificate } from "../../../infra/certificates/authority.ts";
import { readAuthority } from "../authorities.ts";
import { readBody, send, type WebRequest, type WebResponse } from "../http.ts";
import { authorityFolder } from "../places.ts";
import { answerLinode, type LinodeApi } from "./route.ts";

/** The name under which Linode's API is reached. */
export const linodeApiName = "api.linode.com";

/** Serves Linode's API, as far as a program on a server needs it. */
export async function serveLinodeApi(api: LinodeApi): Promise<void> {
  const pair = await issueCertificate(readAuthority(authorityFolder, "internet"), {
    commonName: linodeApiName,
    dnsNames: [linodeApiName],
    ipAddresses: [],
    validityDays: 3650,
  });
  const server = createSecureServer({ allowHTTP1: true, cert: pair.certificate, key: pair.privateKey });
  // Changes take turns: each is made of what was there before it.
  let turn: Promise<unknown> = Promise.resolve();
  server.on("request", (request, response) => {
    turn = turn
      .then(() => handle(api, request, response))
      .catch((error: unknown) => {
        console.error(error);
        if (!response.headersSent) send(response, { status: 500, headers: {}, body: String(error) });
      });
  });
  server.listen(443, "0.0.0.0");
}

async function handle(api: LinodeApi, request: WebRequest, response: WebResponse): Promise<void> {
  const body = (await readBody(request)).toString();
  const { method = "GET", url: target = "/" } = request;
  const answered = await answerLinode(api, { method, target, headers: request.headers, body });
  const headers = { "content-type": "application/json" };
  send(response, { status: answered.status, headers, body: JSON.stringify(answered.body) });
}
