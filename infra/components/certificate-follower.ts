import * as pulumi from "@pulumi/pulumi";
import { CertificateFollowerGate } from "../providers/certificate-follower-gate.ts";
import type { AcmeCertificate } from "./acme-certificate.ts";
import { alertVariables, type CertificateAlerts } from "./certificate-alerts.ts";
import type { CertificateAuthority } from "./certificate-authority.ts";
import type { CertificateFolder } from "./certificate-folder.ts";
import type { CertificateSource } from "./certificate-source.ts";
import { Certificate } from "./certificate.ts";
import type { Network } from "./network.ts";
import type { RenewedCertificate } from "./proxy-certificate.ts";
import type { Server } from "./server.ts";
import { Service } from "./service.ts";

/** Arguments of a CertificateFollower. */
export interface CertificateFollowerArgs {
  readonly server: Server;
  readonly network: Network;
  /** Where this server's proxy finds the certificate. */
  readonly folder: CertificateFolder;
  readonly authority: CertificateAuthority;
  /** Who keeps the certificate. */
  readonly keeper: AcmeCertificate;
  /** Where it is handed on. */
  readonly source: CertificateSource;
  readonly hosts: readonly string[];
  readonly alerts: CertificateAlerts;
}

/** An edge's copy of the certificate that another edge keeps. While that one is away, the copy stays as it is. */
export class CertificateFollower extends pulumi.ComponentResource implements RenewedCertificate {
  readonly kind = "folder";
  readonly site: RenewedCertificate["site"];
  /** Opens when this server has the certificate that the keeper has. */
  readonly gate: CertificateFollowerGate;

  constructor(args: CertificateFollowerArgs, options?: pulumi.ComponentResourceOptions) {
    const { server, network, folder, authority, keeper, source, hosts } = args;
    super("landfall:infra:CertificateFollower", server.logicalName("certificate-follower"), {}, options);
    if (network.peers === undefined) {
      throw new Error("A certificate is handed on between servers of a private network only.");
    }
    const tls = new Certificate(
      server.logicalName("certificate-follower-certificate"),
      {
        authority,
        // The name by which the source knows a follower.
        dnsNames: ["certificate-follower"],
        ipAddresses: [],
        validityDays: 397,
        renewalDays: 60,
        usage: "client",
      },
      { parent: this },
    );
    const alerts = alertVariables(server, args.alerts);
    const service = new Service(
      {
        server,
        noun: "certificate-follower",
        image: "lego",
        user: 996,
        // The one network leads to the keeper; the other, which reaches the world, to whom alerts are sent.
        networks: [
          { network: network.peers, aliases: [] },
          { network: network.edge, aliases: [] },
        ],
        environment: {
          CERTIFICATES_ROLE: "follow",
          CERTIFICATE_SOURCE: source.url,
          CERTIFICATE_HOSTS: hosts.join(" "),
          ...alerts.environment,
        },
        files: {
          "authority.crt": authority.certificate,
          "client.crt": tls.certificate,
          "client.key": tls.privateKey,
          ...alerts.files,
        },
        volumes: { [folder.path]: folder.volume },
        hostFiles: { "/run/trust": "/etc/ssl/certs" },
        limits: { memory: "64 MiB", cpus: 0.25 },
        stopSeconds: 10,
      },
      { parent: this },
    );
    this.site = { kind: "folder", path: `${folder.path}/current`, challenges: undefined };
    this.gate = new CertificateFollowerGate(
      server.logicalName("certificate-followed"),
      {
        engine: server.engine,
        container: service.containerId,
        keeperEngine: keeper.server.engine,
        keeper: keeper.containerId,
        source: source.url,
        hosts: [...hosts],
        keeperSerial: keeper.gate.serial,
        deadlineSeconds: 60,
        intervalSeconds: 2,
      },
      { parent: this, dependsOn: [source.gate] },
    );
    this.registerOutputs({ serial: this.gate.serial });
  }
}
