import { z } from "zod";
import type { OriginRequest } from "../origin-ca.ts";
import type { OriginCertificate } from "../origin-certificates.ts";
import { checkOriginRequest } from "../origin-request.ts";
import { isWithin, zoneOf, type Zone } from "../zone.ts";
import { granted, page, refused, type Answer } from "./envelope.ts";
import { noRoute, parse, type Api, type ApiRequest } from "./place.ts";

const body = z.object({
  csr: z.string(),
  hostnames: z.array(z.string()),
  request_type: z.string(),
  requested_validity: z.number().default(5475),
});

/** Answers a request to Cloudflare's API about certificates of Origin CA. */
export async function answerCertificates(
  api: Api,
  { id, query }: { readonly id: string; readonly query: URLSearchParams },
  request: ApiRequest,
): Promise<Answer> {
  if (id === "") {
    if (request.method === "GET") return list(api, query);
    if (request.method === "POST") return issue(api, request.body);
    return noRoute("/certificates", request.method);
  }
  const certificate = api.certificates.all().find((one) => one.id === id);
  if (certificate === undefined) return refused(404, { code: 1101, message: "Certificate not found" });
  if (request.method === "GET") return granted(show(certificate));
  if (request.method !== "DELETE") return noRoute("/certificates/:id", request.method);
  if (certificate.revoked_at !== undefined) {
    return refused(400, { code: 1014, message: "Certificate has already been revoked" });
  }
  const { revoked_at } = api.certificates.revoke(id);
  return granted({ id, revoked_at });
}

function list({ certificates, store }: Api, query: URLSearchParams): Answer {
  const zone = store.find(query.get("zone_id") ?? "");
  if (zone === undefined) {
    return refused(400, { code: 1002, message: "zone_id must be the id of a zone in the account" });
  }
  const own = certificates.all().filter((one) => one.revoked_at === undefined && isFor(one, zone));
  return page(own.map(show), query);
}

async function issue({ certificates, store }: Api, text: string): Promise<Answer> {
  const parsed = body.safeParse(parse(text));
  if (!parsed.success) {
    return refused(
      400,
      ...parsed.error.issues.map(({ path, message }) => ({ code: 1100, message: `${path.join(".")}: ${message}` })),
    );
  }
  const faults = [...checkOriginRequest(parsed.data), ...strangeHostnames(store.all(), parsed.data)];
  if (faults.length > 0) return refused(400, ...faults.map(({ code, message }) => ({ code, message })));
  try {
    return granted(show(await certificates.issue(parsed.data)));
  } catch (error) {
    const message = `Failed to sign the certificate request: ${error instanceof Error ? error.message : String(error)}`;
    return refused(400, { code: 1100, message });
  }
}

function strangeHostnames(zones: readonly Zone[], request: OriginRequest): { code: number; message: string }[] {
  return request.hostnames
    .filter((name) => zoneOf(zones, name.replace(/^\*\./, "")) === undefined)
    .map((name) => ({
      code: 1010,
      message:
        `Failed to validate requested hostname ${name}: This zone is either not part of your account, or you do not ` +
        "have access to it. Please contact support if using a multi-user organization.",
    }));
}

function isFor({ hostnames }: OriginCertificate, zone: Zone): boolean {
  return hostnames.some((name) => isWithin(name.replace(/^\*\./, ""), zone.name));
}

function show({ serial: _, ...shown }: OriginCertificate): unknown {
  return shown;
}
