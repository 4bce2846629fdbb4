import * as linode from "@pulumi/linode";
import * as pulumi from "@pulumi/pulumi";
import { DataFolder } from "../providers/data-folder.ts";
import { DataMount } from "../providers/data-mount.ts";
import { VolumeHandover } from "../providers/volume-handover.ts";
import type { LinodeSettings } from "../settings/servers.ts";
import { mebibytes } from "../settings/units.ts";
import { numericId } from "./linode-names.ts";

/** Arguments of a DataDisk. */
export interface DataDiskArgs {
  /** Name of the server, whatever its generation. */
  readonly name: string;
  /** Name of the server's generation that is to have it. */
  readonly generation: string;
  readonly label: string;
  readonly settings: LinodeSettings;
  /** The server that is to have it. */
  readonly instance: linode.Instance;
  /** Address of that server's engine. */
  readonly engine: pulumi.Input<string>;
  /** What is to be ready before the data moves from one generation to the next. */
  readonly after: readonly pulumi.Resource[];
}

const bytesPerGibibyte = 1024;

/**
 * The disk that a server's data lies on: a volume that outlives the server, protected. It goes from one generation of
 * the server to the next: the old one ends its work in order and lets go of it first.
 */
export class DataDisk extends pulumi.ComponentResource {
  private readonly args: DataDiskArgs;
  private readonly mount: DataMount;

  constructor(args: DataDiskArgs, options?: pulumi.ComponentResourceOptions) {
    super("landfall:infra:DataDisk", `${args.name}-data`, {}, options);
    this.args = args;
    const { name, label, settings, instance, engine, after } = args;
    const handover = new VolumeHandover(
      `${name}-data-handover`,
      { volume: label, instance: numericId(instance), engine, force: settings.previousLost },
      { parent: this, dependsOn: [...after] },
    );
    const volume = new linode.Volume(
      `${name}-data`,
      {
        label,
        region: settings.region,
        size: mebibytes(settings.volume ?? "10 GiB") / bytesPerGibibyte,
        linodeId: handover.instance,
        encryption: settings.diskEncryption ? "enabled" : "disabled",
        tags: [...settings.tags],
      },
      { parent: this, protect: true },
    );
    this.mount = new DataMount(
      `${args.generation}-data-mount`,
      { engine, volume: volume.label },
      { parent: this, dependsOn: [volume] },
    );
    this.registerOutputs();
  }

  /** Makes a folder on the disk, on the server that has it. */
  folder(logicalName: string, folder: string, parent: pulumi.Resource): DataFolder {
    const { engine } = this.args;
    return new DataFolder(logicalName, { engine, folder }, { parent, dependsOn: [this.mount] });
  }
}
