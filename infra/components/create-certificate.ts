import * as pulumi from "@pulumi/pulumi";
import type { CertificateSettings } from "../settings/certificate.ts";
import { AcmeCertificate, type AcmeCertificateArgs } from "./acme-certificate.ts";
import { CertificateAuthority } from "./certificate-authority.ts";
import type { CertificateFolder } from "./certificate-folder.ts";
import { Certificate } from "./certificate.ts";
import type { ProxyCertificate } from "./proxy-certificate.ts";

/** What a certificate is created from, whoever issues it. */
export interface CertificateRequest extends Pick<AcmeCertificateArgs, "server" | "network" | "hosts" | "after"> {
  readonly settings: CertificateSettings;
  /** Where the proxy finds a certificate that its server renews by itself; undefined for the other kind. */
  readonly folder: CertificateFolder | undefined;
  /** Token of the zone's vendor, for dns-01. */
  readonly token: pulumi.Input<string> | undefined;
}

/** The proxy's certificate, from the issuer that the settings name. */
export function createCertificate(request: CertificateRequest): ProxyCertificate {
  const { settings, hosts, folder } = request;
  if (settings.issuer === "local-ca") {
    return new Certificate("proxy-certificate", {
      authority: new CertificateAuthority("local-authority", { commonName: `Landfall ${pulumi.getStack()} root` }),
      dnsNames: hosts,
      ipAddresses: [],
      validityDays: settings.validityDays,
      renewalDays: settings.renewalDays,
    });
  }
  if (folder === undefined) throw new Error("A certificate that its server renews by itself needs a folder.");
  return new AcmeCertificate({
    server: request.server,
    network: request.network,
    folder,
    hosts,
    directory: settings.directory,
    email: settings.email,
    challenge: challengeOf(settings.challenge, request.token),
    renewalDays: settings.renewalDays,
    after: request.after,
  });
}

function challengeOf(
  kind: "dns-01" | "http-01",
  token: pulumi.Input<string> | undefined,
): AcmeCertificateArgs["challenge"] {
  if (kind === "http-01") return { kind };
  if (token !== undefined) return { kind, provider: "cloudflare", token };
  throw new pulumi.RunError(
    "The challenge dns-01 needs a token for the zone; nothing was changed.\n" +
      "  next: pulumi config set --secret --path landfall:secrets.cloudflare.dnsToken",
  );
}
