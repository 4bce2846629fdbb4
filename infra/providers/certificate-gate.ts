import * as pulumi from "@pulumi/pulumi";
import type { CertificateGateInputs, CertificateGateOutcome } from "../gates/certificate.ts";

type Inputs = { readonly [Key in keyof CertificateGateInputs]: pulumi.Input<CertificateGateInputs[Key]> };
type Outputs = CertificateGateOutcome["outs"];

const provider: pulumi.dynamic.ResourceProvider<CertificateGateInputs, Outputs> = {
  async create(inputs) {
    const { passCertificateGate } = await import("@landfall/infra/gates/certificate");
    return passCertificateGate(inputs);
  },
  async update(_id, _old, inputs): Promise<{ outs: Outputs }> {
    const { passCertificateGate } = await import("@landfall/infra/gates/certificate");
    const { outs } = await passCertificateGate(inputs);
    return { outs };
  },
};

/**
 * Holds everything that depends on it back until the server has the certificate that is wanted. It asks again whenever
 * one of its inputs changes; renewals in between are the server's own.
 */
export class CertificateGate extends pulumi.dynamic.Resource {
  /** The certificate with its chain as the gate saw it, PEM. */
  declare readonly certificate: pulumi.Output<string>;
  /** End of its validity, ISO 8601, UTC. */
  declare readonly notAfter: pulumi.Output<string>;
  /** Name of who signed it. */
  declare readonly issuer: pulumi.Output<string>;
  /** Its serial number, hexadecimal. */
  declare readonly serial: pulumi.Output<string>;

  constructor(name: string, inputs: Inputs, options?: pulumi.CustomResourceOptions) {
    const outputs = { certificate: undefined, notAfter: undefined, issuer: undefined, serial: undefined };
    super(provider, name, { ...outputs, ...inputs }, options, "gate", "CertificateGate");
  }
}
