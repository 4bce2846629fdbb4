import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Server } from "./server.ts";

/** Arguments of a DataVolume. */
export interface DataVolumeArgs {
  readonly server: Server;
  /** What it holds, for example `postgres-data`. */
  readonly noun: string;
}

/** A volume that holds data: protected, so that no update and no plain destroy can delete it. */
export class DataVolume extends pulumi.ComponentResource {
  readonly volume: docker.Volume;

  constructor({ server, noun }: DataVolumeArgs, options?: pulumi.ComponentResourceOptions) {
    super("landfall:infra:DataVolume", server.logicalName(`volume-${noun}`), {}, options);
    this.volume = new docker.Volume(
      server.logicalName(noun),
      { name: server.dockerName(noun), labels: [{ label: "landfall.stack", value: pulumi.getStack() }] },
      { parent: this, provider: server.provider, protect: true },
    );
    this.registerOutputs();
  }
}
