import * as pulumi from "@pulumi/pulumi";
import type { DeployKeyInputs, DeployKeyPair } from "../ssh/deploy-key.ts";

const provider: pulumi.dynamic.ResourceProvider<DeployKeyInputs, DeployKeyPair> = {
  async create(inputs) {
    const { createDeployKey } = await import("@landfall/infra/ssh/deploy-key");
    return { id: inputs.identity, outs: await createDeployKey(inputs) };
  },
  diff: (_id, old, inputs) => {
    const changes = old.identity !== inputs.identity;
    return Promise.resolve({ changes, replaces: changes ? ["identity"] : [] });
  },
  async read(id, pair) {
    if (pair === undefined) return {};
    const { writeIdentity } = await import("@landfall/infra/ssh/deploy-key");
    writeIdentity(pair);
    return { id, props: pair };
  },
  async delete(id) {
    const { removeIdentity } = await import("@landfall/infra/ssh/deploy-key");
    removeIdentity(id);
  },
};

/** The pair of keys by which the program reaches an environment's servers. The private key stays in the state, as a secret. */
export class DeployKey extends pulumi.dynamic.Resource {
  /** As authorized_keys has it. */
  declare readonly publicKey: pulumi.Output<string>;
  /** As OpenSSH reads it. */
  declare readonly privateKey: pulumi.Output<string>;

  constructor(name: string, inputs: DeployKeyInputs, options?: pulumi.CustomResourceOptions) {
    const secret = { additionalSecretOutputs: ["privateKey"] };
    const outputs = { publicKey: undefined, privateKey: undefined };
    super(provider, name, { ...outputs, ...inputs }, pulumi.mergeOptions(options, secret), "ssh", "DeployKey");
  }
}
