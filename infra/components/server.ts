import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import type { ImageName } from "../../images/catalogue.ts";
import type { Role } from "../settings/servers.ts";
import { Image } from "./image.ts";

/** Arguments of a Server. */
export interface ServerArgs {
  /** Name of the server. */
  readonly name: string;
  /** What runs on it. */
  readonly roles: readonly Role[];
  /** Address of its Docker engine. Another address is another generation: everything on it is made anew there. */
  readonly engine: string;
  /** What the names of all that runs on it begin with, for example `landfall-local`. */
  readonly prefix: string;
}

/**
 * A machine with a Docker engine. What runs on a server takes its provider and its names from it.
 *
 * A provider is never pointed at another machine: containers would stay "unchanged" on an empty server, and deletes
 * would hit the new one. So the engine's address is part of every logical name here.
 */
export class Server extends pulumi.ComponentResource {
  readonly engine: string;
  readonly roles: readonly Role[];
  readonly prefix: string;
  /** The provider for everything on this server. */
  readonly provider: docker.Provider;
  private readonly generation: string;
  private readonly images = new Map<ImageName, Image>();

  constructor(args: ServerArgs, options?: pulumi.ComponentResourceOptions) {
    const generation = `${args.name}-${createHash("sha256").update(args.engine).digest("hex").slice(0, 6)}`;
    super("landfall:infra:Server", generation, {}, options);
    this.generation = generation;
    this.engine = args.engine;
    this.roles = args.roles;
    this.prefix = args.prefix;
    this.provider = new docker.Provider(generation, { host: args.engine }, { parent: this });
    this.registerOutputs({ engine: this.engine });
  }

  /** The logical name of a resource on this generation of the server. */
  logicalName(noun: string): string {
    return `${this.generation}-${noun}`;
  }

  /** The name that Docker knows a thing by, for example `landfall-local-postgres`. */
  dockerName(noun: string): string {
    return `${this.prefix}-${noun}`;
  }

  /** An image of the project on this server; built once. */
  image(name: ImageName): Image {
    const known = this.images.get(name);
    if (known !== undefined) return known;
    const image = new Image({ name, server: this }, { parent: this });
    this.images.set(name, image);
    return image;
  }
}

/** The servers that have a role. The settings see to it that there is at least one. */
export function withRole(servers: readonly Server[], role: Role): [Server, ...Server[]] {
  const [first, ...rest] = servers.filter((server) => server.roles.includes(role));
  if (first === undefined) throw new Error(`No server has the role '${role}'; landfall:servers must give it to one.`);
  return [first, ...rest];
}
