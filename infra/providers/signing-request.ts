import * as pulumi from "@pulumi/pulumi";
import type { SigningRequest as Made, SigningRequestInputs } from "../certificates/signing-request.ts";

type Inputs = { readonly [Key in keyof SigningRequestInputs]: pulumi.Input<SigningRequestInputs[Key]> };

const provider: pulumi.dynamic.ResourceProvider<SigningRequestInputs, Made> = {
  async create(inputs) {
    const { createSigningRequest } = await import("@landfall/infra/certificates/signing-request");
    return { id: inputs.hosts[0] ?? "", outs: await createSigningRequest(inputs, Date.now()) };
  },
  async diff(_id, old, inputs) {
    const { needsSigningRequest } = await import("@landfall/infra/certificates/signing-request");
    return { changes: needsSigningRequest(old, inputs, Date.now()) };
  },
  async update(_id, _old, inputs) {
    const { createSigningRequest } = await import("@landfall/infra/certificates/signing-request");
    return { outs: await createSigningRequest(inputs, Date.now()) };
  },
};

/**
 * A key of the stack's own and the request for a certificate with it. An update makes both anew when the certificate's
 * time runs out, and with that has another one issued.
 */
export class SigningRequest extends pulumi.dynamic.Resource {
  /** The request, PEM. */
  declare readonly csr: pulumi.Output<string>;
  /** The key, PEM. */
  declare readonly privateKey: pulumi.Output<string>;

  constructor(name: string, inputs: Inputs, options?: pulumi.CustomResourceOptions) {
    const secret = { additionalSecretOutputs: ["privateKey"] };
    const outputs = { csr: undefined, privateKey: undefined, madeAt: undefined };
    const merged = pulumi.mergeOptions(options, secret);
    super(provider, name, { ...outputs, ...inputs }, merged, "certificate", "SigningRequest");
  }
}
