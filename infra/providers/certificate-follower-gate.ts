import * as pulumi from "@pulumi/pulumi";
import type { CertificateFollowerGateInputs, CertificateFollowerGateOutcome } from "../gates/certificate-follower.ts";

type Inputs = {
  readonly [Key in keyof CertificateFollowerGateInputs]: pulumi.Input<CertificateFollowerGateInputs[Key]>;
};
type Outputs = CertificateFollowerGateOutcome["outs"];

const provider: pulumi.dynamic.ResourceProvider<CertificateFollowerGateInputs, Outputs> = {
  async create(inputs) {
    const { passCertificateFollowerGate } = await import("@landfall/infra/gates/certificate-follower");
    return passCertificateFollowerGate(inputs);
  },
  async update(_id, _old, inputs): Promise<{ outs: Outputs }> {
    const { passCertificateFollowerGate } = await import("@landfall/infra/gates/certificate-follower");
    const { outs } = await passCertificateFollowerGate(inputs);
    return { outs };
  },
};

/**
 * Holds everything that depends on it back until an edge has the certificate that its keeper has. It asks again whenever
 * one of its inputs changes; what follows a renewal in between is the server's own.
 */
export class CertificateFollowerGate extends pulumi.dynamic.Resource {
  /** Serial number of the certificate that both had, hexadecimal. */
  declare readonly serial: pulumi.Output<string>;

  constructor(name: string, inputs: Inputs, options?: pulumi.CustomResourceOptions) {
    super(
      provider,
      name,
      { serial: undefined, notAfter: undefined, ...inputs },
      options,
      "gate",
      "CertificateFollowerGate",
    );
  }
}
