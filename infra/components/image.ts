import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { relative } from "node:path";
import type { ImageName } from "../../images/catalogue.ts";
import { imageContext } from "../../images/context.ts";
import type { Server } from "./server.ts";

/** Arguments of an Image. */
export interface ImageArgs {
  readonly name: ImageName;
  readonly server: Server;
}

/**
 * An image of the project on a server, built from its folder in `images/`. Its name carries the hash of all that goes
 * in, so a changed source is a changed image and an unchanged one is not touched.
 */
export class Image extends pulumi.ComponentResource {
  /** Name with the hash of its content. */
  readonly reference: string;
  /** Id that the engine gave it, `sha256:…`. */
  readonly imageId: pulumi.Output<string>;

  constructor({ name, server }: ImageArgs, options?: pulumi.ComponentResourceOptions) {
    super("landfall:infra:Image", server.logicalName(`image-${name}`), {}, options);
    const context = imageContext(name);
    const base = context.base === undefined ? undefined : server.image(context.base);
    const image = new docker.RemoteImage(
      server.logicalName(name),
      {
        name: context.name,
        // Another stack, or the release before this one, may use it too.
        keepLocally: true,
        build: {
          // As the plugin sees it, which works where the program does: the same path in every clone.
          context: relative(process.cwd(), context.directory),
          buildArgs: context.buildArgs,
          labels: { "landfall.image": name },
          // The one builder that every engine has, and that starts from images which only the engine holds.
          useLegacyBuilder: true,
        },
      },
      {
        parent: this,
        provider: server.provider,
        dependsOn: base === undefined ? [] : [base],
        customTimeouts: { create: "20m" },
      },
    );
    this.reference = context.name;
    this.imageId = image.imageId;
    this.registerOutputs({ reference: this.reference, imageId: this.imageId });
  }
}
