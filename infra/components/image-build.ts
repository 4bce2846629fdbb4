import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { relative } from "node:path";
import type { ImageName } from "../../images/catalogue.ts";
import { imageContext } from "../../images/context.ts";

/** What builds an image, and under which logical name. */
export interface ImageBuild {
  readonly name: ImageName;
  readonly logicalName: string;
  /** What it is built after: the image of the project that it starts from. */
  readonly after: readonly pulumi.Resource[];
  readonly options: pulumi.CustomResourceOptions;
}

/**
 * Builds an image of the project from its folder in `images/`. Its name carries the hash of all that goes in, so a
 * changed source is a changed image and an unchanged one is not touched.
 */
export function buildImage({ name, logicalName, after, options }: ImageBuild): docker.RemoteImage {
  const context = imageContext(name);
  return new docker.RemoteImage(
    logicalName,
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
    pulumi.mergeOptions(options, { dependsOn: [...after], customTimeouts: { create: "20m" } }),
  );
}
