import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { ImageName } from "../../images/catalogue.ts";
import { imageContext } from "../../images/context.ts";
import type { ImagesSettings } from "../settings/images.ts";
import { buildImage } from "./image-build.ts";

/** Arguments of a BuildEngine. */
export interface BuildEngineArgs {
  readonly settings: ImagesSettings;
  /** Password of the registry's user; only where a registry is set. */
  readonly registryPassword: pulumi.Output<string>;
}

/** An image in a registry. */
export interface PushedImage {
  readonly image: docker.RegistryImage;
  /** Name with registry and tag. */
  readonly name: string;
  /** What the registry knows its content by, `sha256:…`. */
  readonly digest: pulumi.Output<string>;
}

/** The Docker engine that builds images for servers, each once, and pushes them to a registry where one is set. */
export class BuildEngine extends pulumi.ComponentResource {
  /** Address of the engine. */
  readonly engine: string;
  /** How a server logs in to the registry; empty without one. */
  readonly registryAuth: docker.types.input.ProviderRegistryAuth[];
  private readonly settings: ImagesSettings;
  private readonly provider: docker.Provider;
  private readonly built = new Map<ImageName, docker.RemoteImage>();
  private readonly pushed = new Map<ImageName, PushedImage>();

  constructor({ settings, registryPassword }: BuildEngineArgs, options?: pulumi.ComponentResourceOptions) {
    super("landfall:infra:BuildEngine", "build-engine", {}, options);
    this.engine = settings.engine;
    this.settings = settings;
    const { registry } = settings;
    this.registryAuth =
      registry === undefined
        ? []
        : [{ address: registry.address, username: registry.username, password: registryPassword }];
    this.provider = new docker.Provider(
      "build-engine",
      { host: this.engine, ...(registry === undefined ? {} : { registryAuth: this.registryAuth }) },
      { parent: this },
    );
    this.registerOutputs();
  }

  /** Builds an image here. */
  image(name: ImageName): docker.RemoteImage {
    const known = this.built.get(name);
    if (known !== undefined) return known;
    const { base } = imageContext(name);
    const image = buildImage({
      name,
      logicalName: `build-${name}`,
      after: base === undefined ? [] : [this.image(base)],
      options: { parent: this, provider: this.provider },
    });
    this.built.set(name, image);
    return image;
  }

  /** Builds an image here and pushes it. @throws where no registry is set */
  push(name: ImageName): PushedImage {
    const known = this.pushed.get(name);
    if (known !== undefined) return known;
    const { registry } = this.settings;
    if (registry === undefined) throw new Error("Images can only be pushed where landfall:images.registry is set.");
    const built = this.image(name);
    const target = `${registry.address}/${registry.repository}/${imageContext(name).name.replace(/^landfall\//, "")}`;
    const own = { parent: this, provider: this.provider };
    const tag = new docker.Tag(
      `tag-${name}`,
      { sourceImage: built.name, targetImage: target, tagTriggers: [built.imageId] },
      own,
    );
    const image = new docker.RegistryImage(
      `push-${name}`,
      { name: tag.targetImage, keepRemotely: true, triggers: { image: built.imageId } },
      own,
    );
    const pushed = { image, name: target, digest: image.sha256Digest };
    this.pushed.set(name, pushed);
    return pushed;
  }
}
