import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Server } from "./server.ts";

/** Arguments of a Network. */
export interface NetworkArgs {
  readonly server: Server;
}

/**
 * The networks of a server. Only `edge` and `peers` reach out of it; who is not on a network cannot reach who is.
 *
 * | network | who is on it                              |
 * |---------|-------------------------------------------|
 * | edge    | proxy, certificates, who asks what is outside |
 * | service | proxy, app, backend                       |
 * | data    | app, migration, and what keeps data       |
 * | legacy  | migration, a legacy system's sample       |
 * | peers   | who calls, or is called from, another server, or asks what is outside; there only when there is one |
 */
export class Network extends pulumi.ComponentResource {
  readonly edge: docker.Network;
  readonly service: docker.Network;
  readonly data: docker.Network;
  readonly legacy: docker.Network;
  readonly peers: docker.Network | undefined;

  constructor({ server }: NetworkArgs, options?: pulumi.ComponentResourceOptions) {
    super("landfall:infra:Network", server.logicalName("network"), {}, options);
    const network = (name: string, internal: boolean): docker.Network =>
      new docker.Network(
        server.logicalName(name),
        {
          name: server.dockerName(name),
          internal,
          labels: [{ label: "landfall.stack", value: pulumi.getStack() }],
        },
        { ...server.own(this), deleteBeforeReplace: true },
      );
    this.edge = network("edge", false);
    this.service = network("service", true);
    this.data = network("data", true);
    this.legacy = network("legacy", true);
    this.peers = server.privateAddress === undefined ? undefined : network("peers", false);
    this.registerOutputs();
  }
}
