import * as pulumi from "@pulumi/pulumi";
import type { DataMountInputs } from "../delivery/data-mount.ts";

type Inputs = { readonly [Key in keyof DataMountInputs]: pulumi.Input<DataMountInputs[Key]> };

const provider: pulumi.dynamic.ResourceProvider<DataMountInputs, DataMountInputs> = {
  async create(inputs) {
    const { awaitMount } = await import("@landfall/infra/delivery/data-mount");
    await awaitMount(inputs);
    return { id: inputs.volume, outs: inputs };
  },
  async update(_id, _old, inputs) {
    const { awaitMount } = await import("@landfall/infra/delivery/data-mount");
    await awaitMount(inputs);
    return { outs: inputs };
  },
  async delete(_id, inputs) {
    const { releaseMount } = await import("@landfall/infra/delivery/data-mount");
    await releaseMount(inputs);
  },
};

/** That a server has its data volume mounted. Before the volume or the server goes, what uses it ends in order. */
export class DataMount extends pulumi.dynamic.Resource {
  constructor(name: string, inputs: Inputs, options?: pulumi.CustomResourceOptions) {
    super(provider, name, { ...inputs }, options, "delivery", "DataMount");
  }
}
