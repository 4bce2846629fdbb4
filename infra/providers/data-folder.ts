import * as pulumi from "@pulumi/pulumi";
import type { DataFolderInputs, DataFolderOutputs } from "../delivery/data-folder.ts";

type Inputs = { readonly [Key in keyof DataFolderInputs]: pulumi.Input<DataFolderInputs[Key]> };

const provider: pulumi.dynamic.ResourceProvider<DataFolderInputs, DataFolderOutputs> = {
  async create(inputs) {
    const { makeDataFolder } = await import("@landfall/infra/delivery/data-folder");
    const outs = await makeDataFolder(inputs);
    return { id: outs.path, outs };
  },
  async update(_id, _old, inputs) {
    const { makeDataFolder } = await import("@landfall/infra/delivery/data-folder");
    return { outs: await makeDataFolder(inputs) };
  },
};

/** A folder on a server's data volume. It and what is in it stay when the resource goes. */
export class DataFolder extends pulumi.dynamic.Resource {
  /** Absolute path on the server. */
  declare readonly path: pulumi.Output<string>;

  constructor(name: string, inputs: Inputs, options?: pulumi.CustomResourceOptions) {
    super(provider, name, { path: undefined, ...inputs }, options, "delivery", "DataFolder");
  }
}
