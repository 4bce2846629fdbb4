import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings/settings.ts";
import { AcmeCertificate, type AcmeCertificateArgs } from "./acme-certificate.ts";
import { CertificateAuthority } from "./certificate-authority.ts";
import type { CertificateFolder } from "./certificate-folder.ts";
import { CertificateFollower } from "./certificate-follower.ts";
import { CertificateSource } from "./certificate-source.ts";
import { Certificate } from "./certificate.ts";
import { GivenCertificate } from "./given-certificate.ts";
import type { Network } from "./network.ts";
import { OriginCertificate } from "./origin-certificate.ts";
import type { DeliveredCertificate, ProxyCertificate } from "./proxy-certificate.ts";
import type { Server } from "./server.ts";

/** A server whose proxy shows the certificate. */
export interface Edge {
  readonly server: Server;
  readonly network: Network;
  /** Where its proxy finds a certificate that the servers renew by themselves; undefined for the other kinds. */
  readonly folder: CertificateFolder | undefined;
}

/** What a certificate is created from, whoever issues it. */
export interface CertificateRequest {
  /** Every edge; the first keeps a certificate that the servers renew by themselves, and the others get it from there. */
  readonly edges: readonly [Edge, ...Edge[]];
  /** Signs the certificates within the environment. */
  readonly authority: CertificateAuthority;
  readonly settings: Pick<Settings, "hosts" | "certificate" | "dns" | "alerts" | "secrets">;
  /** What an issuer needs before it is asked: the hosts' records, and for http-01 the proxy. */
  readonly after: readonly pulumi.Resource[];
}

/** The one certificate of all edges. */
export interface EdgeCertificate {
  /** As the proxy of an edge takes it. */
  on(server: Server): ProxyCertificate;
  /** The root that people have to have their browsers trust, PEM; undefined when nobody has to. */
  readonly privateRoot: pulumi.Output<string> | undefined;
}

/** The edges' certificate, from the issuer that the settings name. */
export function createCertificate(request: CertificateRequest): EdgeCertificate {
  const { certificate: settings, hosts, secrets } = request.settings;
  switch (settings.issuer) {
    case "local-ca": {
      const certificate = new Certificate("proxy-certificate", {
        authority: new CertificateAuthority("local-authority", { commonName: `Landfall ${pulumi.getStack()} root` }),
        dnsNames: hosts,
        ipAddresses: [],
        validityDays: settings.validityDays,
        renewalDays: settings.renewalDays,
      });
      return { ...delivered(certificate), privateRoot: certificate.rootCertificate };
    }
    case "origin-ca":
      return delivered(new OriginCertificate({ hosts, settings }));
    case "given":
      return delivered(new GivenCertificate({ settings, privateKey: secrets.certificate?.privateKey ?? "" }));
    case "acme":
      return renewed(request, settings);
  }
}

function delivered(certificate: DeliveredCertificate): EdgeCertificate {
  return { on: () => certificate, privateRoot: undefined };
}

function renewed(
  { edges, authority, settings, after }: CertificateRequest,
  acme: Extract<Settings["certificate"], { issuer: "acme" }>,
): EdgeCertificate {
  const [first, ...others] = edges;
  const { hosts } = settings;
  const alerts = { settings: settings.alerts, webhook: settings.secrets.alerts?.webhook };
  const keeper = new AcmeCertificate({
    ...first,
    folder: folderOf(first),
    hosts,
    directory: acme.directory,
    email: acme.email,
    challenge: challengeOf(acme.challenge, settings),
    renewalDays: acme.renewalDays,
    alerts,
    after,
  });
  const certificates = new Map<Server, ProxyCertificate>([[first.server, keeper]]);
  if (others.length > 0) {
    const source = new CertificateSource({ ...first, folder: folderOf(first), authority });
    for (const edge of others) {
      const folder = folderOf(edge);
      certificates.set(
        edge.server,
        new CertificateFollower({ ...edge, folder, authority, keeper, source, hosts, alerts }),
      );
    }
  }
  return {
    on(server) {
      const certificate = certificates.get(server);
      if (certificate === undefined) throw new Error("A server that is no edge has no certificate for clients.");
      return certificate;
    },
    privateRoot: undefined,
  };
}

function folderOf({ folder }: Edge): CertificateFolder {
  if (folder === undefined) throw new Error("A certificate that its server renews by itself needs a folder.");
  return folder;
}

function challengeOf(
  kind: "dns-01" | "http-01",
  { dns, secrets }: CertificateRequest["settings"],
): AcmeCertificateArgs["challenge"] {
  if (kind === "http-01") return { kind };
  const token = dns.provider === "none" ? undefined : secrets[dns.provider]?.dnsToken;
  if (dns.provider !== "none" && token !== undefined) return { kind, provider: dns.provider, token };
  throw new pulumi.RunError(
    "The challenge dns-01 needs a token for the zone; nothing was changed.\n" +
      `  next: pulumi config set --secret --path landfall:secrets.${dns.provider}.dnsToken`,
  );
}
