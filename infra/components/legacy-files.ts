import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { JobGate } from "../providers/job-gate.ts";
import { DataVolume } from "./data-volume.ts";
import type { Place } from "./database.ts";
import { Service } from "./service.ts";

/** Where the volume of the legacy systems' files is mounted. */
export const legacyRoot = "/srv/legacy";

/** Legacy systems whose samples have files. */
export const samplesWithFiles = ["dirfinal", "listcutter"] as const;
/** A legacy system whose sample has files. */
export type SampleWithFiles = (typeof samplesWithFiles)[number];

/** The folder that a sample's files are unpacked into. */
export const sampleFolder = (system: SampleWithFiles): string => `${legacyRoot}/samples/${system}`;

/** Arguments of LegacyFiles. */
export interface LegacyFilesArgs extends Place {
  /** The systems whose samples' files are wanted. */
  readonly samples: readonly SampleWithFiles[];
}

/**
 * What legacy systems keep beside a database server: a volume that the operator puts their files into, and that the
 * samples' files are unpacked into. It is there in every environment, so that files can be put into it before a setting
 * names them, and so that a system that is left out takes nothing of it along.
 */
export class LegacyFiles extends pulumi.ComponentResource {
  readonly volume: docker.Volume;
  /** Opens when the samples' files are there; undefined where none are wanted. */
  readonly gate: JobGate | undefined;

  constructor({ server, network, samples }: LegacyFilesArgs, options?: pulumi.ComponentResourceOptions) {
    super("landfall:infra:LegacyFiles", server.logicalName("legacy-files"), {}, options);
    this.volume = new DataVolume({ server, noun: "legacy-files" }, { parent: this }).volume;
    if (samples.length > 0) {
      const container = new Service(
        {
          server,
          noun: "legacy-samples",
          image: "legacy-samples",
          user: 10001,
          networks: [{ network: network.legacy, aliases: [] }],
          files: {},
          command: [...samples],
          volumes: { [legacyRoot]: this.volume },
          limits: { memory: "128 MiB", cpus: 1 },
          stopSeconds: 10,
          job: true,
        },
        { parent: this },
      );
      this.gate = new JobGate(
        server.logicalName("legacy-samples-done"),
        {
          engine: server.engine,
          container: container.containerId,
          purpose: "unpack the samples' files",
          deadlineSeconds: 120,
          triggers: pulumi.output({ image: container.imageId }),
        },
        { parent: this },
      );
    }
    this.registerOutputs();
  }
}
