import * as pulumi from "@pulumi/pulumi";
import { peerPorts } from "../firewall/peers.ts";
import type { HealthGate } from "../providers/health-gate.ts";
import type { CertificateAuthority } from "./certificate-authority.ts";
import type { CertificateFolder } from "./certificate-folder.ts";
import { Certificate } from "./certificate.ts";
import { containerGate } from "./container-gate.ts";
import type { Network } from "./network.ts";
import type { Server } from "./server.ts";
import { Service } from "./service.ts";

/** Arguments of a CertificateSource. */
export interface CertificateSourceArgs {
  /** The edge that keeps the certificate. */
  readonly server: Server;
  readonly network: Network;
  /** Where the certificate is kept. */
  readonly folder: CertificateFolder;
  /** Signs this server's certificate, and those of who may ask. */
  readonly authority: CertificateAuthority;
}

/**
 * Hands the certificate and its key to the other edges, over TLS 1.3, to who shows a certificate of the environment's
 * own authority as a follower.
 */
export class CertificateSource extends pulumi.ComponentResource {
  /** Where it is, for example `https://10.77.0.11:8444`. */
  readonly url: string;
  /** Opens when it answers. */
  readonly gate: HealthGate;

  constructor(args: CertificateSourceArgs, options?: pulumi.ComponentResourceOptions) {
    const { server, network, folder, authority } = args;
    super("landfall:infra:CertificateSource", server.logicalName("certificate-source"), {}, options);
    if (server.privateAddress === undefined || network.peers === undefined) {
      throw new Error("A certificate is handed on between servers of a private network only.");
    }
    const tls = new Certificate(
      server.logicalName("certificate-source-certificate"),
      {
        authority,
        dnsNames: ["certificates"],
        ipAddresses: [server.privateAddress],
        validityDays: 397,
        renewalDays: 60,
      },
      { parent: this },
    );
    const service = new Service(
      {
        server,
        noun: "certificate-source",
        image: "lego",
        user: 996,
        networks: [{ network: network.peers, aliases: [] }],
        environment: { CERTIFICATES_ROLE: "hand-on" },
        files: { "authority.crt": authority.certificate, "server.crt": tls.certificate, "server.key": tls.privateKey },
        readOnlyVolumes: { [folder.path]: folder.volume },
        ports: [{ internal: peerPorts.certificates, external: peerPorts.certificates, ip: server.privateAddress }],
        limits: { memory: "64 MiB", cpus: 0.25 },
        stopSeconds: 10,
      },
      { parent: this },
    );
    this.url = `https://${server.privateAddress}:${String(peerPorts.certificates)}`;
    this.gate = containerGate({ server, noun: "certificate-source", service }, this);
    this.registerOutputs({ url: this.url });
  }
}
