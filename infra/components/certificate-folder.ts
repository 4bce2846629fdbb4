import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Server } from "./server.ts";

/** Arguments of a CertificateFolder. */
export interface CertificateFolderArgs {
  readonly server: Server;
}

/**
 * Where a server's certificate lies for its proxy: who looks after the certificate writes, the proxy reads. It may be
 * lost: what is in it is put there again from the data of who looks after it.
 */
export class CertificateFolder extends pulumi.ComponentResource {
  /** Path of the folder in every container that has it. */
  readonly path = "/var/lib/certificates";
  readonly volume: docker.Volume;

  constructor({ server }: CertificateFolderArgs, options?: pulumi.ComponentResourceOptions) {
    super("landfall:infra:CertificateFolder", server.logicalName("certificate-folder"), {}, options);
    this.volume = new docker.Volume(
      server.logicalName("proxy-certificates"),
      {
        name: server.dockerName("proxy-certificates"),
        labels: [{ label: "landfall.stack", value: pulumi.getStack() }],
      },
      server.own(this),
    );
    this.registerOutputs();
  }
}
