import * as pulumi from "@pulumi/pulumi";
import type { DeliveredFiles, FileDeliveryInputs } from "../delivery/files.ts";

type Inputs = { readonly [Key in keyof FileDeliveryInputs]: pulumi.Input<FileDeliveryInputs[Key]> };

const provider: pulumi.dynamic.ResourceProvider<FileDeliveryInputs, DeliveredFiles> = {
  async create(inputs) {
    const { deliverFiles } = await import("@landfall/infra/delivery/files");
    return { id: inputs.volume, outs: await deliverFiles(inputs) };
  },
  async update(_id, _old, inputs) {
    const { deliverFiles } = await import("@landfall/infra/delivery/files");
    return { outs: await deliverFiles(inputs) };
  },
  async read(id, delivered) {
    if (delivered === undefined) return {};
    const { isDelivered } = await import("@landfall/infra/delivery/files");
    return (await isDelivered(delivered)) ? { id, props: delivered } : {};
  },
};

/** Files in a volume, readable by one user alone: how secrets reach a container without `docker inspect` showing them. */
export class FileDelivery extends pulumi.dynamic.Resource {
  constructor(name: string, inputs: Inputs, options?: pulumi.CustomResourceOptions) {
    const secret = { additionalSecretOutputs: ["files"] };
    const merged = pulumi.mergeOptions(options, secret);
    super(provider, name, { volumeCreatedAt: undefined, ...inputs }, merged, "delivery", "FileDelivery");
  }
}
