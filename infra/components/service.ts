import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { ImageName } from "../../images/catalogue.ts";
import { filesHash } from "../delivery/files.ts";
import { FileDelivery } from "../providers/file-delivery.ts";
import type { Limits } from "../settings/limits.ts";
import { mebibytes } from "../settings/units.ts";
import type { Server } from "./server.ts";

/** A file that is delivered to a container's /run/secrets, readable by its user alone. */
export type DeliveredFiles = Readonly<Record<string, pulumi.Input<string>>>;

/** Arguments of a Service. */
export interface ServiceArgs {
  readonly server: Server;
  /** What it is, for example `postgres`; a release's name is part of it where several live side by side. */
  readonly noun: string;
  readonly image: ImageName;
  /** User and group id that the image runs as; owns the delivered files. */
  readonly user: number;
  /** Networks it is on, each with the names it answers to there. */
  readonly networks: readonly { readonly network: docker.Network; readonly aliases: readonly string[] }[];
  /** Environment variables. Never a secret: `docker inspect` shows them. */
  readonly environment?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Files below /run/secrets by name. A change replaces the container. */
  readonly files: DeliveredFiles;
  /** Command line after the image's entry point. */
  readonly command?: readonly string[];
  /** Volumes by the path where they are mounted. */
  readonly volumes?: Readonly<Record<string, docker.Volume>>;
  /** Volumes that it only reads, by the path where they are mounted. */
  readonly readOnlyVolumes?: Readonly<Record<string, docker.Volume>>;
  /** Files and folders of the server that it only reads, by their path in the container. */
  readonly hostFiles?: Readonly<Record<string, string>>;
  /** Folders in memory by path. */
  readonly temporary?: readonly string[];
  /** Published ports: a proxy's, and on the server's private address those that other servers ask at. */
  readonly ports?: readonly { readonly internal: number; readonly external: number; readonly ip: string }[];
  readonly limits: Limits;
  /** Seconds that it has to finish its work when it is stopped. */
  readonly stopSeconds: number;
  /** A job is created but started by its gate, and is expected to end. */
  readonly job?: boolean;
}

/**
 * A container as every one of the project runs: its own user, a read-only root, no capabilities, no new privileges,
 * limits, rotated logs, time to stop, secrets as files that its user alone can read.
 */
export class Service extends pulumi.ComponentResource {
  readonly container: docker.Container;
  /** Id of the container. */
  readonly containerId: pulumi.Output<string>;
  /** Id of the image it runs, `sha256:…`. */
  readonly imageId: pulumi.Output<string>;

  constructor(args: ServiceArgs, options?: pulumi.ComponentResourceOptions) {
    const { server, noun, user, limits } = args;
    super("landfall:infra:Service", server.logicalName(`service-${noun}`), {}, options);
    const own = server.own(this);
    const labels = [
      { label: "landfall.stack", value: pulumi.getStack() },
      { label: "landfall.service", value: noun },
    ];
    const secrets = new docker.Volume(
      server.logicalName(`${noun}-secrets`),
      { name: server.dockerName(`${noun}-secrets`), labels },
      own,
    );
    const image = server.image(args.image);
    this.imageId = image.imageId;
    const files = pulumi.secret(pulumi.output(args.files));
    const delivery = new FileDelivery(
      server.logicalName(`${noun}-files`),
      { engine: server.engine, volume: secrets.name, image: image.imageId, owner: user, files },
      { parent: this },
    );
    // A hash over generated secrets tells nothing about them, and a changed file must replace the container.
    const hash = pulumi.unsecret(files.apply(filesHash));
    this.container = new docker.Container(
      server.logicalName(noun),
      {
        name: server.dockerName(noun),
        image: image.imageId,
        ...(args.command === undefined ? {} : { command: [...args.command] }),
        user: `${String(user)}:${String(user)}`,
        envs: Object.entries(args.environment ?? {}).map(([name, value]) => pulumi.interpolate`${name}=${value}`),
        volumes: [
          { volumeName: secrets.name, containerPath: "/run/secrets" },
          ...Object.entries(args.volumes ?? {}).map(([containerPath, volume]) => ({
            volumeName: volume.name,
            containerPath,
          })),
          ...Object.entries(args.readOnlyVolumes ?? {}).map(([containerPath, volume]) => ({
            volumeName: volume.name,
            containerPath,
            readOnly: true,
          })),
          ...Object.entries(args.hostFiles ?? {}).map(([containerPath, hostPath]) => ({
            hostPath,
            containerPath,
            readOnly: true,
          })),
        ],
        networksAdvanced: args.networks.map(({ network, aliases }) => ({ name: network.name, aliases: [...aliases] })),
        ports: [...(args.ports ?? [])],
        readOnly: true,
        tmpfs: Object.fromEntries(
          ["/tmp", ...(args.temporary ?? [])].map((path) => [
            path,
            `rw,noexec,nosuid,nodev,size=64m,uid=${String(user)},gid=${String(user)},mode=0700`,
          ]),
        ),
        capabilities: { drops: ["ALL"] },
        securityOpts: ["no-new-privileges:true"],
        memory: mebibytes(limits.memory),
        memorySwap: mebibytes(limits.memory),
        // As the provider reads it back; anything else would be a change at every refresh.
        cpus: Number.isInteger(limits.cpus) ? limits.cpus.toFixed(1) : String(limits.cpus),
        logDriver: "json-file",
        logOpts: { "max-size": "10m", "max-file": "3" },
        init: true,
        labels: [...labels, { label: "landfall.files", value: hash }],
        destroyGraceSeconds: args.stopSeconds,
        stopTimeout: args.stopSeconds,
        ...(args.job === true
          ? { restart: "no", mustRun: false, start: false }
          : { restart: "unless-stopped", mustRun: true }),
      },
      { ...own, deleteBeforeReplace: true, dependsOn: [delivery] },
    );
    this.containerId = this.container.id;
    this.registerOutputs({ containerId: this.containerId });
  }
}
