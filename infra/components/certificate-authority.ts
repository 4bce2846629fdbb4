import * as pulumi from "@pulumi/pulumi";
import { LocalAuthority } from "../providers/local-certificate.ts";

/** Arguments of a CertificateAuthority. */
export interface CertificateAuthorityArgs {
  /** Name of the root as a browser shows it. */
  readonly commonName: string;
}

const tenYears = 3650;

/** A certificate authority of the environment's own. Protected: what trusts its root would trust no other. */
export class CertificateAuthority extends pulumi.ComponentResource {
  /** The root certificate, PEM. */
  readonly certificate: pulumi.Output<string>;
  /** Its key, PEM, a secret. */
  readonly privateKey: pulumi.Output<string>;

  constructor(name: string, { commonName }: CertificateAuthorityArgs, options?: pulumi.ComponentResourceOptions) {
    super("landfall:infra:CertificateAuthority", name, {}, options);
    const authority = new LocalAuthority(name, { commonName, validityDays: tenYears }, { parent: this, protect: true });
    this.certificate = authority.certificate;
    this.privateKey = pulumi.secret(authority.privateKey);
    this.registerOutputs({ certificate: this.certificate });
  }
}
