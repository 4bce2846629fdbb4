import * as pulumi from "@pulumi/pulumi";
import type { VolumeHandoverInputs } from "../delivery/data-release.ts";

type Inputs = { readonly [Key in keyof VolumeHandoverInputs]: pulumi.Input<VolumeHandoverInputs[Key]> };

const provider: pulumi.dynamic.ResourceProvider<VolumeHandoverInputs, VolumeHandoverInputs> = {
  create: (inputs) => Promise.resolve({ id: inputs.volume, outs: inputs }),
  async update(_id, old, inputs) {
    const { handVolumeOver } = await import("@landfall/infra/delivery/data-release");
    await handVolumeOver(inputs, old);
    return { outs: inputs };
  },
};

/** Who has a volume: it resolves to another machine only after the one before has let go of the volume in order. */
export class VolumeHandover extends pulumi.dynamic.Resource {
  /** Id of the machine that the volume may be attached to. */
  declare readonly instance: pulumi.Output<number>;

  constructor(name: string, inputs: Inputs, options?: pulumi.CustomResourceOptions) {
    super(provider, name, { ...inputs }, options, "delivery", "VolumeHandover");
  }
}
