import * as pulumi from "@pulumi/pulumi";
import type { HealthGateInputs, HealthGateOutcome } from "../gates/health.ts";

type Inputs = { readonly [Key in keyof HealthGateInputs]: pulumi.Input<HealthGateInputs[Key]> };

const provider: pulumi.dynamic.ResourceProvider<HealthGateInputs, HealthGateInputs> = {
  async create(inputs) {
    const { passHealthGate } = await import("@landfall/infra/gates/health");
    return passHealthGate(inputs);
  },
  async update(_id, _old, inputs): Promise<{ outs: HealthGateOutcome["outs"] }> {
    const { passHealthGate } = await import("@landfall/infra/gates/health");
    const { outs } = await passHealthGate(inputs);
    return { outs };
  },
};

/**
 * Holds everything that depends on it back until a container answers as it must. It asks again whenever one of its
 * inputs changes: another container, image, release or trigger.
 */
export class HealthGate extends pulumi.dynamic.Resource {
  constructor(name: string, inputs: Inputs, options?: pulumi.CustomResourceOptions) {
    super(provider, name, { passed: undefined, ...inputs }, options, "gate", "HealthGate");
  }
}
