import * as pulumi from "@pulumi/pulumi";
import type { DeliveredImage, ImageDeliveryInputs } from "../delivery/image.ts";

type Inputs = { readonly [Key in keyof ImageDeliveryInputs]: pulumi.Input<ImageDeliveryInputs[Key]> };

const provider: pulumi.dynamic.ResourceProvider<ImageDeliveryInputs, DeliveredImage> = {
  async create(inputs) {
    const { deliverImage } = await import("@landfall/infra/delivery/image");
    return { id: inputs.reference, outs: await deliverImage(inputs) };
  },
  async diff(_id, old, inputs) {
    const { differs } = await import("@landfall/infra/delivery/image");
    return differs(old, inputs);
  },
  async read(id, delivered) {
    if (delivered === undefined) return {};
    const { isThere } = await import("@landfall/infra/delivery/image");
    return (await isThere(delivered)) ? { id, props: delivered } : {};
  },
  async delete(_id, delivered) {
    const { removeImage } = await import("@landfall/infra/delivery/image");
    await removeImage(delivered);
  },
};

/** An image that is streamed from the engine that built it to a server's. One that is there already is not touched. */
export class ImageDelivery extends pulumi.dynamic.Resource {
  /** Id that the server's engine knows it by. */
  declare readonly deliveredId: pulumi.Output<string>;

  constructor(name: string, inputs: Inputs, options?: pulumi.CustomResourceOptions) {
    super(provider, name, { deliveredId: undefined, ...inputs }, options, "delivery", "ImageDelivery");
  }
}
