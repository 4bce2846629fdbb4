import * as pulumi from "@pulumi/pulumi";
import type { MigrationGateInputs, MigrationGateOutcome } from "../gates/migration.ts";

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
  /** Rows of all legacy tables that are mapped. */
  declare readonly sourceRows: pulumi.Output<number>;
  /** Of these, rows that are in the new schema. */
  declare readonly targetRows: pulumi.Output<number>;
  /** Of these, rows that are in quarantine with a reason. */
  declare readonly quarantinedRows: pulumi.Output<number>;
  /** Checks that passed. */
  declare readonly verificationsPassed: pulumi.Output<number>;

  constructor(name: string, inputs: Inputs, options?: pulumi.CustomResourceOptions) {
    const outputs = {
      sourceRows: undefined,
      targetRows: undefined,
      quarantinedRows: undefined,
      verificationsPassed: undefined,
    };
    super(provider, name, { ...outputs, ...inputs }, options, "gate", "MigrationGate");
  }
}
