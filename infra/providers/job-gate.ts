import * as pulumi from "@pulumi/pulumi";
import type { JobGateInputs, JobGateOutcome } from "../gates/job.ts";

type Inputs = { readonly [Key in keyof JobGateInputs]: pulumi.Input<JobGateInputs[Key]> };

const provider: pulumi.dynamic.ResourceProvider<JobGateInputs, JobGateInputs> = {
  async create(inputs) {
    const { passJobGate } = await import("@landfall/infra/gates/job");
    return passJobGate(inputs);
  },
  async update(_id, _old, inputs): Promise<{ outs: JobGateOutcome["outs"] }> {
    const { passJobGate } = await import("@landfall/infra/gates/job");
    const { outs } = await passJobGate(inputs);
    return { outs };
  },
};

/**
 * Runs a job's container and holds everything that depends on it back until the job is done. It runs again whenever one
 * of its inputs changes.
 */
export class JobGate extends pulumi.dynamic.Resource {
  /** What the job said last. */
  declare readonly words: pulumi.Output<string>;

  constructor(name: string, inputs: Inputs, options?: pulumi.CustomResourceOptions) {
    super(provider, name, { words: undefined, ...inputs }, options, "gate", "JobGate");
  }
}
