import type { OriginCaCertificateArgs, OriginCaCertificateState } from "@pulumi/cloudflare";
import type { OriginRequest } from "../internet/origin-ca.ts";
import type { OriginCertificate } from "../internet/origin-certificates.ts";
import { checkOriginRequest } from "../internet/origin-request.ts";
import type { Fault, Properties, Resource } from "../plugin/resource.ts";
import { callApi, isGone } from "./client.ts";
import { camel, rename, snake } from "./letter-case.ts";
import { integer, text, type TableFor } from "./table.ts";
import { setUnknownAside } from "./unknown.ts";

/** Arguments of an OriginCaCertificate. A certificate cannot be changed, so each of them replaces it. */
export const originCaCertificateInputs = {
  csr: { shape: text, required: true, replaces: true },
  hostnames: { shape: { type: "array", items: text }, required: true, replaces: true },
  requestType: { shape: text, required: true, replaces: true },
  requestedValidity: { shape: integer, computed: true, replaces: true },
} as const satisfies TableFor<OriginCaCertificateArgs>;

/** `cloudflare.OriginCaCertificate`. Removing it revokes the certificate; a revoked one is read as gone. */
export const originCaCertificate: Resource = {
  token: "cloudflare:index/originCaCertificate:OriginCaCertificate",
  inputs: originCaCertificateInputs,
  secretOutputs: [],
  check: checkOriginCaCertificate,
  create: async (cloud, inputs) => {
    const made = await callApi(cloud, { method: "POST", path: "/certificates", body: rename(inputs, snake) });
    const certificate = made as OriginCertificate;
    return { id: certificate.id, outputs: outputsOf(certificate) };
  },
  read: async (cloud, id) => {
    try {
      const found = (await callApi(cloud, { method: "GET", path: `/certificates/${id}` })) as OriginCertificate;
      return found.revoked_at === undefined ? outputsOf(found) : undefined;
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  },
  update: () => Promise.reject(new Error("A certificate of Origin CA cannot be changed: each input replaces it.")),
  remove: async (cloud, id, outputs) => {
    if ((await originCaCertificate.read(cloud, id, outputs)) === undefined) return;
    await callApi(cloud, { method: "DELETE", path: `/certificates/${id}` });
  },
};

function checkOriginCaCertificate(inputs: Properties): Fault[] {
  const { known, unknown } = setUnknownAside(inputs);
  return checkOriginRequest(rename(known, snake) as Partial<OriginRequest>)
    .map(({ property, message, code }) => ({ property: camel(property), reason: `${message} (${String(code)})` }))
    .filter(({ property }) => !unknown.includes(property));
}

/** Every output of the SDK's class. */
function outputsOf(certificate: OriginCertificate): Properties {
  return {
    csr: certificate.csr,
    hostnames: certificate.hostnames,
    requestType: certificate.request_type,
    requestedValidity: certificate.requested_validity,
    certificate: certificate.certificate,
    expiresOn: certificate.expires_on,
  } satisfies Record<keyof OriginCaCertificateState, unknown>;
}
