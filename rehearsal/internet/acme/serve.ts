import { createSecureServer } from "node:http2";
import { issueCertificate } from "../../../infra/certificates/authority.ts";
import type { Account } from "../account.ts";
import { crossSign, readAuthority } from "../authorities.ts";
import { send } from "../http.ts";
import { authorityFolder } from "../places.ts";
import { answerAcme, lookupCaa, type Front } from "./front.ts";
import { startPebble } from "./pebble.ts";

const trustedName = "acme-v02.api.letsencrypt.org";
const stagingName = "acme-staging-v02.api.letsencrypt.org";

/** Serves ACME under Let's Encrypt's names, with Pebble behind it. */
export async function serveAcme(account: Account): Promise<void> {
  const pair = await issueCertificate(readAuthority(authorityFolder, "internet"), {
    commonName: trustedName,
    dnsNames: [trustedName, stagingName, "localhost"],
    ipAddresses: ["127.0.0.1"],
    validityDays: 3650,
  });
  const { resolver, certificateSeconds } = account;
  const intermediate = await startPebble({ pair, resolver, certificateSeconds });
  const front: Front = {
    intermediate: await crossSign(readAuthority(authorityFolder, "issuance"), intermediate),
    trustedName,
    lookup: lookupCaa,
  };
  const server = createSecureServer({ allowHTTP1: true, cert: pair.certificate, key: pair.privateKey });
  server.on("request", (request, response) => {
    answerAcme(front, request, response).catch((error: unknown) => {
      console.error(error);
      if (!response.headersSent) send(response, { status: 500, headers: {}, body: String(error) });
    });
  });
  server.listen(443, "0.0.0.0");
}
