import * as pulumi from "@pulumi/pulumi";
import type { HostFirewallInputs, HostFirewallOutputs } from "../delivery/host-firewall.ts";

type Inputs = { readonly [Key in keyof HostFirewallInputs]: pulumi.Input<HostFirewallInputs[Key]> };

const provider: pulumi.dynamic.ResourceProvider<HostFirewallInputs, HostFirewallOutputs> = {
  async create(inputs) {
    const { deliverHostFirewall } = await import("@landfall/infra/delivery/host-firewall");
    return { id: "landfall", outs: { ...inputs, loaded: await deliverHostFirewall(inputs) } };
  },
  async update(_id, _old, inputs) {
    const { deliverHostFirewall } = await import("@landfall/infra/delivery/host-firewall");
    return { outs: { ...inputs, loaded: await deliverHostFirewall(inputs) } };
  },
  async read(id, delivered) {
    if (delivered === undefined) return {};
    const { hasHostFirewall } = await import("@landfall/infra/delivery/host-firewall");
    // A server that does not answer tells nothing of its rules, and must not keep a refresh from going on.
    return (await hasHostFirewall(delivered)) === false ? {} : { id, props: delivered };
  },
};

/** A server's own firewall, in place of the rules that it was made with or had since. */
export class HostFirewall extends pulumi.dynamic.Resource {
  /** Hash of the rules as the server's kernel has them. */
  declare readonly loaded: pulumi.Output<string>;

  constructor(name: string, inputs: Inputs, options?: pulumi.CustomResourceOptions) {
    super(provider, name, { loaded: undefined, ...inputs }, options, "delivery", "HostFirewall");
  }
}
