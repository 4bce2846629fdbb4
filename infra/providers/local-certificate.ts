import * as pulumi from "@pulumi/pulumi";
import type { AuthorityRequest, KeyPair } from "../certificates/authority.ts";
import type { IssuedCertificate, LocalCertificateInputs } from "../certificates/local.ts";

type Inputs<T> = { readonly [Key in keyof T]: pulumi.Input<T[Key]> };

const authorityProvider: pulumi.dynamic.ResourceProvider<AuthorityRequest, AuthorityRequest & KeyPair> = {
  async create(inputs) {
    const { createAuthority } = await import("@landfall/infra/certificates/authority");
    return { id: inputs.commonName, outs: { ...inputs, ...(await createAuthority(inputs)) } };
  },
  diff(_id, old, inputs) {
    const changed = old.commonName !== inputs.commonName || old.validityDays !== inputs.validityDays;
    return Promise.resolve({ changes: changed, replaces: changed ? ["commonName"] : [] });
  },
};

/** The root that a local environment's certificates come from. Its key stays in the state, as a secret. */
export class LocalAuthority extends pulumi.dynamic.Resource {
  /** The root certificate, PEM. */
  declare readonly certificate: pulumi.Output<string>;
  /** Its key, PEM. */
  declare readonly privateKey: pulumi.Output<string>;

  constructor(name: string, inputs: Inputs<AuthorityRequest>, options?: pulumi.CustomResourceOptions) {
    const secret = { additionalSecretOutputs: ["privateKey"] };
    const outputs = { certificate: undefined, privateKey: undefined };
    super(
      authorityProvider,
      name,
      { ...outputs, ...inputs },
      pulumi.mergeOptions(options, secret),
      "certificate",
      "LocalAuthority",
    );
  }
}

const certificateProvider: pulumi.dynamic.ResourceProvider<LocalCertificateInputs, IssuedCertificate> = {
  async create(inputs) {
    const { issue } = await import("@landfall/infra/certificates/local");
    return { id: inputs.commonName, outs: await issue(inputs) };
  },
  async diff(_id, old, inputs) {
    const { needsIssue } = await import("@landfall/infra/certificates/local");
    return { changes: needsIssue(old, inputs, Date.now()) };
  },
  async update(_id, _old, inputs) {
    const { issue } = await import("@landfall/infra/certificates/local");
    return { outs: await issue(inputs) };
  },
};

/** A server certificate of the local authority. An update renews it when its time runs out. */
export class LocalCertificate extends pulumi.dynamic.Resource {
  /** The certificate, PEM. */
  declare readonly certificate: pulumi.Output<string>;
  /** Its key, PEM. */
  declare readonly privateKey: pulumi.Output<string>;

  constructor(name: string, inputs: Inputs<LocalCertificateInputs>, options?: pulumi.CustomResourceOptions) {
    const secret = { additionalSecretOutputs: ["privateKey", "authorityPrivateKey"] };
    const outputs = { certificate: undefined, privateKey: undefined };
    super(
      certificateProvider,
      name,
      { ...outputs, ...inputs },
      pulumi.mergeOptions(options, secret),
      "certificate",
      "LocalCertificate",
    );
  }
}
