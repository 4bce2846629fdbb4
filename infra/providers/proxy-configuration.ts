import * as pulumi from "@pulumi/pulumi";
import type { ProxyConfigurationInputs } from "../delivery/proxy.ts";

type Inputs = { readonly [Key in keyof ProxyConfigurationInputs]: pulumi.Input<ProxyConfigurationInputs[Key]> };
type Outputs = ProxyConfigurationInputs & { readonly release: string };

const provider: pulumi.dynamic.ResourceProvider<ProxyConfigurationInputs, Outputs> = {
  async create(inputs) {
    const { deliverConfiguration } = await import("@landfall/infra/delivery/proxy");
    const release = await deliverConfiguration(inputs);
    return { id: inputs.container, outs: { ...inputs, release } };
  },
  async update(_id, _old, inputs) {
    const { deliverConfiguration } = await import("@landfall/infra/delivery/proxy");
    return { outs: { ...inputs, release: await deliverConfiguration(inputs) } };
  },
};

/** The live configuration of a proxy: tested by the server itself, put in place by one rename, taken up by a reload. */
export class ProxyConfiguration extends pulumi.dynamic.Resource {
  /** Hash of what is live. */
  declare readonly release: pulumi.Output<string>;

  constructor(name: string, inputs: Inputs, options?: pulumi.CustomResourceOptions) {
    const secret = { additionalSecretOutputs: ["privateKey"] };
    const merged = pulumi.mergeOptions(options, secret);
    super(provider, name, { release: undefined, ...inputs }, merged, "delivery", "ProxyConfiguration");
  }
}
