import * as pulumi from "@pulumi/pulumi";
import type { MigrationGateInputs, MigrationGateOutcome } from "../gates/migration.ts";
import type { LandedSystem } from "../gates/report.ts";

type Inputs = { readonly [Key in keyof MigrationGateInputs]: pulumi.Input<MigrationGateInputs[Key]> };

const provider: pulumi.dynamic.ResourceProvider<MigrationGateInputs, MigrationGateInputs> = {
  async create(inputs) {
    const { passMigrationGate } = await import("@landfall/infra/gates/migration");
    return passMigrationGate(inputs);
  },
  async update(_id, _old, inputs): Promise<{ outs: MigrationGateOutcome["outs"] }> {
    const { passMigrationGate } = await import("@landfall/infra/gates/migration");
    const { outs } = await passMigrationGate(inputs);
    return { outs };
  },
};

/**
 * Runs the migration's container and holds everything that depends on it back until the data has landed and is
 * verified. It runs again whenever one of its inputs changes.
 */
export class MigrationGate extends pulumi.dynamic.Resource {
  /** What became of each system; undefined where the state is of a release that did not keep it. */
  declare readonly landed: pulumi.Output<readonly LandedSystem[] | undefined>;

  constructor(name: string, inputs: Inputs, options?: pulumi.CustomResourceOptions) {
    super(provider, name, { landed: undefined, ...inputs }, options, "gate", "MigrationGate");
  }
}
