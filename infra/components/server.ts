import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { ImageName } from "../../images/catalogue.ts";
import type { Role } from "../settings/servers.ts";
import { plainAddress, parseEngineAddress, sshOptions } from "../ssh/connection.ts";
import { Image } from "./image.ts";
import type { ImageSource } from "./image-source.ts";

/** Arguments of a Server. */
export interface ServerArgs {
  /** Name of this very machine, the next one of its name being another: `staging-g2`. Part of every logical name on it. */
  readonly generation: string;
  /** What runs on it. */
  readonly roles: readonly Role[];
  /** Address of its Docker engine. */
  readonly engine: pulumi.Input<string>;
  /** What the names of all that runs on it begin with, for example `landfall-local`. */
  readonly prefix: string;
  /** Where its images come from. */
  readonly images: ImageSource;
  /** Address that clients reach it at; undefined where they reach this very machine. */
  readonly publicAddress: pulumi.Output<string> | undefined;
  /** Its address on the servers' private network; undefined when there is no other server. */
  readonly privateAddress: string | undefined;
  /** Whether it takes no new requests. */
  readonly draining: boolean;
  /** The machine as a resource: what runs on it goes with it, unasked. Undefined where the machine is not ours. */
  readonly machine: pulumi.Resource | undefined;
  /** Where its data lies: in volumes of its engine, or in folders of a disk that outlives it. */
  readonly data: DataPlace;
}

/** Where a server's data lies. */
export type DataPlace =
  | { readonly kind: "engine" }
  | {
      readonly kind: "disk";
      /** Makes a folder on the disk and gives its path on the server, and what has to be there before it is used. */
      readonly folder: (noun: string, parent: pulumi.Resource) => { path: pulumi.Input<string>; made: pulumi.Resource };
    };

/**
 * A machine with a Docker engine. What runs on a server takes its provider and its names from it.
 *
 * A provider is never pointed at another machine: containers would stay "unchanged" on an empty server, and deletes
 * would hit the new one. So the generation is part of every logical name here.
 */
export class Server extends pulumi.ComponentResource {
  readonly engine: pulumi.Output<string>;
  readonly roles: readonly Role[];
  readonly prefix: string;
  readonly publicAddress: pulumi.Output<string> | undefined;
  /** Its address on the servers' private network; undefined when there is no other server. */
  readonly privateAddress: string | undefined;
  /** Whether it takes no new requests. */
  readonly draining: boolean;
  readonly data: DataPlace;
  /** The provider for everything on this server. */
  readonly provider: docker.Provider;
  private readonly args: ServerArgs;
  private readonly images = new Map<ImageName, Image>();

  constructor(args: ServerArgs, options?: pulumi.ComponentResourceOptions) {
    super("landfall:infra:Server", args.generation, {}, options);
    this.args = args;
    this.engine = pulumi.output(args.engine);
    this.roles = args.roles;
    this.prefix = args.prefix;
    this.publicAddress = args.publicAddress;
    this.privateAddress = args.privateAddress;
    this.draining = args.draining;
    this.data = args.data;
    const sshOpts = this.engine.apply((address) =>
      address.startsWith("ssh://") ? sshOptions(parseEngineAddress(address)) : [],
    );
    this.provider = new docker.Provider(
      args.generation,
      {
        host: this.engine.apply(plainAddress),
        ...(args.machine === undefined ? {} : { sshOpts }),
        ...(args.images.kind === "registry" ? { registryAuth: args.images.builder.registryAuth } : {}),
      },
      { parent: this },
    );
    this.registerOutputs({ engine: this.engine });
  }

  /** The logical name of a resource on this generation of the server. */
  logicalName(noun: string): string {
    return `${this.args.generation}-${noun}`;
  }

  /** The name that Docker knows a thing by, for example `landfall-local-postgres`. */
  dockerName(noun: string): string {
    return `${this.prefix}-${noun}`;
  }

  /** Options of a Docker resource on this server. */
  own(parent: pulumi.Resource): pulumi.CustomResourceOptions {
    const { machine } = this.args;
    return { parent, provider: this.provider, ...(machine === undefined ? {} : { deletedWith: machine }) };
  }

  /** An image of the project on this server; one of a name. */
  image(name: ImageName): Image {
    const known = this.images.get(name);
    if (known !== undefined) return known;
    const image = new Image({ name, server: this, source: this.args.images }, { parent: this });
    this.images.set(name, image);
    return image;
  }
}
