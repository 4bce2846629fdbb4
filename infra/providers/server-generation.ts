import * as pulumi from "@pulumi/pulumi";
import type { GenerationInputs } from "../servers/generation.ts";

type Inputs = { readonly [Key in keyof GenerationInputs]: pulumi.Input<GenerationInputs[Key]> };

const provider: pulumi.dynamic.ResourceProvider<GenerationInputs, GenerationInputs> = {
  async check(old, inputs) {
    const { fixedWithGeneration } = await import("@landfall/infra/servers/generation");
    // The engine gives no old inputs at the first time, which the type does not say.
    const before = Object.keys(old).length === 0 ? undefined : old;
    return { inputs, failures: fixedWithGeneration(before, inputs) };
  },
  create: (inputs) => Promise.resolve({ id: inputs.server, outs: inputs }),
  // What it was made from stays what it was.
  diff: () => Promise.resolve({ changes: false }),
};

/** What a server was made from, for good: another region or image is another generation, never a change in place. */
export class ServerGeneration extends pulumi.dynamic.Resource {
  /** Hash of the user data that the server was made from. */
  declare readonly userDataHash: pulumi.Output<string>;

  constructor(name: string, inputs: Inputs, options?: pulumi.CustomResourceOptions) {
    super(provider, name, { ...inputs }, options, "server", "ServerGeneration");
  }
}
