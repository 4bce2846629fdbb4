import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { ImageName } from "../../images/catalogue.ts";
import { imageContext } from "../../images/context.ts";
import { ImageDelivery } from "../providers/image-delivery.ts";
import type { BuildEngine } from "./build-engine.ts";
import { buildImage } from "./image-build.ts";
import type { ImageSource } from "./image-source.ts";
import type { Server } from "./server.ts";

/** Arguments of an Image. */
export interface ImageArgs {
  readonly name: ImageName;
  readonly server: Server;
  readonly source: ImageSource;
}

/** An image of the project on a server, however it gets there. */
export class Image extends pulumi.ComponentResource {
  /** Name with the hash of its content: the same on every server. */
  readonly reference: string;
  /** Id that the server's engine knows it by, `sha256:…`. */
  readonly imageId: pulumi.Output<string>;

  constructor({ name, server, source }: ImageArgs, options?: pulumi.ComponentResourceOptions) {
    super("landfall:infra:Image", server.logicalName(`image-${name}`), {}, options);
    this.reference = imageContext(name).name;
    switch (source.kind) {
      case "built-there":
        this.imageId = this.buildThere(name, server);
        break;
      case "streamed":
        this.imageId = this.stream(name, server, source.builder);
        break;
      case "registry":
        this.imageId = this.pull(name, server, source.builder);
        break;
    }
    this.registerOutputs({ reference: this.reference, imageId: this.imageId });
  }

  private buildThere(name: ImageName, server: Server): pulumi.Output<string> {
    const { base } = imageContext(name);
    return buildImage({
      name,
      logicalName: server.logicalName(name),
      after: base === undefined ? [] : [server.image(base)],
      options: server.own(this),
    }).imageId;
  }

  private stream(name: ImageName, server: Server, builder: BuildEngine): pulumi.Output<string> {
    const built = builder.image(name);
    return new ImageDelivery(
      server.logicalName(name),
      { from: builder.engine, to: server.engine, reference: this.reference, imageId: built.imageId },
      { parent: this },
    ).deliveredId;
  }

  private pull(name: ImageName, server: Server, builder: BuildEngine): pulumi.Output<string> {
    const pushed = builder.push(name);
    return new docker.RemoteImage(
      server.logicalName(name),
      { name: pulumi.interpolate`${pushed.name}@${pushed.digest}`, keepLocally: true },
      server.own(this),
    ).imageId;
  }
}
