import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Server } from "./server.ts";

/** Arguments of a DataVolume. */
export interface DataVolumeArgs {
  readonly server: Server;
  /** What it holds, for example `postgres-data`. */
  readonly noun: string;
}

/**
 * A volume that holds data, whatever happens to containers and servers. It is protected, so that no update and no plain
 * destroy can delete it; where the server's data lies on a disk of its own it is only the way there, and the disk is
 * what is protected.
 */
export class DataVolume extends pulumi.ComponentResource {
  readonly volume: docker.Volume;

  constructor({ server, noun }: DataVolumeArgs, options?: pulumi.ComponentResourceOptions) {
    super("landfall:infra:DataVolume", server.logicalName(`volume-${noun}`), {}, options);
    const labels = [{ label: "landfall.stack", value: pulumi.getStack() }];
    const name = server.dockerName(noun);
    if (server.data.kind === "engine") {
      this.volume = new docker.Volume(
        server.logicalName(noun),
        { name, labels },
        { ...server.own(this), protect: true },
      );
    } else {
      const { path, made } = server.data.folder(noun, this);
      this.volume = new docker.Volume(
        server.logicalName(noun),
        // Docker's own way to a folder of the server: docs.docker.com/reference/cli/docker/volume/create.
        { name, labels, driver: "local", driverOpts: { type: "none", o: "bind", device: path } },
        { ...server.own(this), dependsOn: [made] },
      );
    }
    this.registerOutputs();
  }
}
