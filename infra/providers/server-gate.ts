import * as pulumi from "@pulumi/pulumi";
import type { ServerGateInputs, ServerGateOutputs } from "../gates/server.ts";

type Inputs = { readonly [Key in keyof ServerGateInputs]: pulumi.Input<ServerGateInputs[Key]> };

const provider: pulumi.dynamic.ResourceProvider<ServerGateInputs, ServerGateOutputs> = {
  async create(inputs) {
    const { passServerGate } = await import("@landfall/infra/gates/server");
    return { id: inputs.instance, outs: await passServerGate(inputs) };
  },
  async update(_id, old, inputs) {
    const { passServerGate } = await import("@landfall/infra/gates/server");
    return { outs: await passServerGate(inputs, old) };
  },
};

/**
 * Holds everything that is to run on a server back until the server is made, hardened, and known by its host key. What
 * it puts out is the only way to the server's engine.
 */
export class ServerGate extends pulumi.dynamic.Resource {
  /** The host key that answered, pinned. */
  declare readonly hostKey: pulumi.Output<string>;
  /** Address of the server's Docker engine. */
  declare readonly engine: pulumi.Output<string>;
  /** What cloud-init said, in words. */
  declare readonly cloudInit: pulumi.Output<string>;

  constructor(name: string, inputs: Inputs, options?: pulumi.CustomResourceOptions) {
    super(provider, name, { engine: undefined, cloudInit: undefined, ...inputs }, options, "gate", "ServerGate");
  }
}
